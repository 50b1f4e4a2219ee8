using FlexEdit.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FlexEdit.Models.Dino;

/// <summary>Patches, class token and learned positions of a DINOv2 encoder (<c>embeddings</c>).</summary>
internal sealed class DinoV2Embeddings : nn.Module
{
    private readonly Parameter cls_token;
    private readonly Parameter mask_token;
    private readonly Parameter position_embeddings;
    private readonly DinoV2Patches patch_embeddings;
    private readonly DinoV2Config _config;

    public DinoV2Embeddings(DinoV2Config config, Device? device, ScalarType? dtype)
        : base(nameof(DinoV2Embeddings))
    {
        _config = config;
        cls_token = NormalInitialization.Parameter([1, 1, config.HiddenSize], config.InitializerRange, device, dtype);
        // Used by the encoder's own training only; published files hold it.
        mask_token = nn.Parameter(zeros([1, config.HiddenSize], dtype ?? ScalarType.Float32, device));
        patch_embeddings = new DinoV2Patches(config, device, dtype);
        position_embeddings = NormalInitialization.Parameter([1, (config.Grid() * config.Grid()) + 1, config.HiddenSize], config.InitializerRange, device, dtype);
        RegisterComponents();
    }

    /// <summary>[batch, channels, H, W] to [batch, 1 + patches, width], the class token first, patches row by row.</summary>
    public Tensor Forward(Tensor pixels)
    {
        var side = _config.PatchSize;
        if (pixels.dim() != 4 || pixels.shape[1] != _config.NumChannels || pixels.shape[2] < side || pixels.shape[3] < side || pixels.shape[2] % side != 0 || pixels.shape[3] % side != 0)
        {
            throw new ArgumentException(
                $"The encoder reads [batch, {_config.NumChannels}, H, W] with sides that are multiples of {side}; the pictures are [{string.Join(", ", pixels.shape)}].", nameof(pixels));
        }
        using var scope = NewDisposeScope();
        var patches = patch_embeddings.Forward(pixels);
        var first = cls_token.expand(pixels.shape[0], -1, -1);
        return (cat([first, patches], 1) + Positions(pixels.shape[2] / side, pixels.shape[3] / side)).MoveToOuterDisposeScope();
    }

    /// <summary>The learned positions, resized to another grid: bicubic, without antialiasing, in fp32.</summary>
    private Tensor Positions(long rows, long columns)
    {
        var grid = _config.Grid();
        if (rows == grid && columns == grid)
            return position_embeddings;
        var learned = position_embeddings.narrow(1, 1, grid * grid).view(1, grid, grid, -1).permute(0, 3, 1, 2);
        var resized = nn.functional.interpolate(learned.to(ScalarType.Float32), [rows, columns], mode: InterpolationMode.Bicubic, align_corners: false)
            .to(position_embeddings.dtype);
        return cat([position_embeddings.narrow(1, 0, 1), resized.permute(0, 2, 3, 1).reshape(1, rows * columns, -1)], 1);
    }
}

/// <summary>Cuts a picture into patches and projects each (<c>patch_embeddings</c>).</summary>
internal sealed class DinoV2Patches : nn.Module
{
    private readonly SquareConv2d projection;

    public DinoV2Patches(DinoV2Config config, Device? device, ScalarType? dtype)
        : base(nameof(DinoV2Patches))
    {
        projection = new SquareConv2d(config.NumChannels, config.HiddenSize, config.PatchSize, stride: config.PatchSize, device: device, dtype: dtype);
        RegisterComponents();
    }

    public Tensor Forward(Tensor pixels) => projection.call(pixels).flatten(2).transpose(1, 2);
}
