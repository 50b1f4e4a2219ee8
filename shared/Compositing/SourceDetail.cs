using FlexEdit.Imaging.Pixels;
using FlexEdit.Masks;

namespace FlexEdit.Compositing;

/// <summary>
/// What a model of a low resolution could not paint: the difference between the source at the scene's resolution (the scene, with the subject where the model
/// was shown it) and the model's small cut of it, enlarged. It is added to the enlarged painting where the two agree (<see cref="DetailAgreement"/>), so that
/// what stays in the edited region stays sharp and a copied subject is as sharp as its own picture.
/// The idea is that of Laplacian blending (Burt and Adelson 1983): low band from the model, high band from the source.
/// </summary>
public sealed class SourceDetail
{
    private readonly RgbaImage _scene;
    private readonly Box _crop;
    private readonly SubjectLayer? _subject;
    private readonly RowResampler _small, _agreement;
    private readonly float[] _row;

    /// <summary>Compares painting and source.</summary>
    /// <param name="scene">The upright scene.</param>
    /// <param name="crop">The crop that was given to the model.</param>
    /// <param name="source">What the model was shown there, R·R·3 bytes RGB, the subject pasted where there is one.</param>
    /// <param name="painted">What it painted, likewise.</param>
    /// <param name="side">R.</param>
    /// <param name="subject">The subject at the scene's resolution; null for none.</param>
    public SourceDetail(RgbaImage scene, Box crop, ReadOnlySpan<byte> source, ReadOnlySpan<byte> painted, int side, SubjectLayer? subject = null)
    {
        if (source.Length != side * side * 3 || painted.Length != source.Length)
            throw new ArgumentException($"{source.Length} and {painted.Length} bytes are no RGB pictures of {side}x{side}.", nameof(source));
        (_scene, _crop, _subject) = (scene, crop, subject);
        _small = new RowResampler(Samples.Of(source), side, side, 3, crop.Width, crop.Height, Kernel.Cubic);
        _agreement = new RowResampler(DetailAgreement.Of(painted, source, side), side, side, 1, crop.Width, crop.Height, Kernel.Smooth);
        _row = new float[crop.Width * 3];
    }

    /// <summary>Adds the detail of row <paramref name="y"/> of the crop to the enlarged painting, <c>width · 3</c> samples.</summary>
    public void AddTo(Span<float> painting, int y)
    {
        var scene = _scene.Row(_crop.Y + y).Slice(_crop.X * 4, _crop.Width * 4);
        for (var x = 0; x < _crop.Width; x++)
        {
            // Transparent parts lie over white, as in the model's cut.
            var opacity = scene[(x * 4) + 3] / 255f;
            for (var band = 0; band < 3; band++)
                _row[(x * 3) + band] = 255 + ((scene[(x * 4) + band] - 255) * opacity);
        }
        _subject?.DrawOn(_row, y);
        var small = _small.Row(y);
        var agreement = _agreement.Row(y);
        for (var i = 0; i < painting.Length; i++)
            painting[i] += (_row[i] - small[i]) * agreement[i / 3];
    }
}
