using static TorchSharp.torch;

namespace FlexEdit.Models.Editing;

/// <summary>Between the bytes of square crops and tensors.</summary>
public static class CropTensors
{
    /// <summary>RGB crops of side R as [B, 3, R, R] in [-1, 1].</summary>
    public static Tensor FromRgb(IReadOnlyList<byte[]> crops, int side)
    {
        using var scope = NewDisposeScope();
        var bytes = new byte[crops.Count * side * side * 3];
        for (var i = 0; i < crops.Count; i++)
            crops[i].CopyTo(bytes, i * side * side * 3);
        return tensor(bytes, [crops.Count, side, side, 3], dtype: ScalarType.Byte)
            .permute(0, 3, 1, 2).to(ScalarType.Float32).div_(127.5f).sub_(1f).contiguous().MoveToOuterDisposeScope();
    }

    /// <summary>Masks of side R as [B, 1, R, R] in [0, 1].</summary>
    public static Tensor FromGray(IReadOnlyList<byte[]> masks, int side)
    {
        using var scope = NewDisposeScope();
        var bytes = new byte[masks.Count * side * side];
        for (var i = 0; i < masks.Count; i++)
            masks[i].CopyTo(bytes, i * side * side);
        return tensor(bytes, [masks.Count, 1, side, side], dtype: ScalarType.Byte).to(ScalarType.Float32).div_(255f).MoveToOuterDisposeScope();
    }

    /// <summary>[3, R, R] in [-1, 1] as RGB bytes; values outside are clipped.</summary>
    public static byte[] ToRgb(Tensor picture)
    {
        using var scope = NewDisposeScope();
        return picture.to(ScalarType.Float32).add(1f).mul_(127.5f).round_().clamp_(0, 255).to(ScalarType.Byte).permute(1, 2, 0).cpu().contiguous().data<byte>().ToArray();
    }

    /// <summary>[R, R] in [0, 1] as bytes.</summary>
    public static byte[] ToGray(Tensor mask)
    {
        using var scope = NewDisposeScope();
        return mask.to(ScalarType.Float32).mul(255f).round_().clamp_(0, 255).to(ScalarType.Byte).cpu().contiguous().data<byte>().ToArray();
    }
}
