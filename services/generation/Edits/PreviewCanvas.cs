using FlexEdit.Compositing;
using FlexEdit.Imaging;
using FlexEdit.Imaging.Pixels;
using FlexEdit.Masks;

namespace FlexEdit.Generation.Edits;

/// <summary>A small picture of the whole scene, into which the crop is pasted as it forms.</summary>
internal sealed class PreviewCanvas
{
    private const int Quality = 80;

    private readonly RgbaImage _scene;
    private readonly Box _crop;
    private readonly byte[] _everything;
    private readonly int _side;

    /// <summary>Shrinks the scene.</summary>
    /// <param name="scene">The upright scene.</param>
    /// <param name="crop">Where the crop lies in it.</param>
    /// <param name="side">R.</param>
    /// <param name="longest">Longer side of the preview, pixels; a smaller scene keeps its size.</param>
    public PreviewCanvas(RgbaImage scene, Box crop, int side, int longest)
    {
        _side = side;
        _everything = new byte[side * side];
        Array.Fill(_everything, (byte)255);
        var scale = Math.Min(1, (double)longest / Math.Max(scene.Width, scene.Height));
        var width = Math.Max(1, (int)Math.Round(scene.Width * scale));
        var height = Math.Max(1, (int)Math.Round(scene.Height * scale));
        _scene = PictureResize.To(scene, width, height);
        var (left, top) = ((int)(crop.X * scale), (int)(crop.Y * scale));
        var right = Math.Clamp((int)Math.Ceiling(crop.Right * scale), left + 1, width);
        var bottom = Math.Clamp((int)Math.Ceiling(crop.Bottom * scale), top + 1, height);
        _crop = new Box(left, top, right - left, bottom - top);
    }

    /// <summary>A JPEG of the scene with the crop as far as it has formed.</summary>
    /// <param name="picture">R·R·3 bytes RGB.</param>
    public byte[] Draw(byte[] picture)
    {
        var composited = Compositor.Preserve(_scene, _crop, picture, _everything, _side);
        return PictureEncoder.Jpeg(((RgbaImage)composited.ToRaster(withAlpha: true)).Over(255, 255, 255), Quality);
    }
}
