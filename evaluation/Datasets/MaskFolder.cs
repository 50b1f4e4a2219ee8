using FlexEdit.Imaging.Decoding;
using FlexEdit.Masks;

namespace FlexEdit.Evaluation.Datasets;

/// <summary>A folder of masks: one picture each, PNG or WebP. Marked is what is transparent where there is transparency, else what is bright.</summary>
public static class MaskFolder
{
    private static readonly string[] Extensions = [".png", ".webp", ".jpg", ".jpeg"];

    /// <summary>Every mask that is not empty, by name.</summary>
    /// <exception cref="FormatException">The folder has no pictures.</exception>
    /// <exception cref="Imaging.PictureException">A picture cannot be decoded.</exception>
    public static IEnumerable<MaskedObject> Read(string folder)
    {
        string[] files = [.. Directory.GetFiles(folder).Where(f => Extensions.Contains(Path.GetExtension(f).ToLowerInvariant())).Order(StringComparer.Ordinal)];
        if (files.Length == 0)
            throw new FormatException($"{folder} has no pictures ({string.Join(", ", Extensions)}).");
        foreach (var file in files)
        {
            var mask = ReadMask(file);
            if (!mask.IsEmpty)
                yield return new MaskedObject(Path.GetFileNameWithoutExtension(file), null, null, null, mask);
        }
    }

    /// <summary>Reads one mask file.</summary>
    /// <exception cref="Imaging.PictureException">It cannot be decoded.</exception>
    public static Mask ReadMask(string file)
    {
        var picture = PictureDecoder.DecodeFile(file).Pixels;
        var alpha = picture.Alpha();
        if (alpha.Pixels.AsSpan().ContainsAnyExcept(alpha.Pixels[0]))
            return Mask.FromSamples(alpha.Pixels, picture.Width, picture.Height).Invert();
        var samples = new byte[alpha.Pixels.Length];
        for (var i = 0; i < samples.Length; i++)
            samples[i] = Math.Max(picture.Pixels[i * 4], Math.Max(picture.Pixels[(i * 4) + 1], picture.Pixels[(i * 4) + 2]));
        return Mask.FromSamples(samples, picture.Width, picture.Height);
    }
}
