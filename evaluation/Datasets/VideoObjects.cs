using System.Text.Json;
using FlexEdit.Imaging.Decoding;
using FlexEdit.Masks;

namespace FlexEdit.Evaluation.Datasets;

/// <summary>An object of a video, by which AnyDoor's recipe makes pairs of a subject and a scene.</summary>
/// <param name="Video">Name of the video.</param>
/// <param name="Number">The object's number, its index in the palette of the annotations.</param>
/// <param name="Category">What it is.</param>
/// <param name="Frames">Frames that show it, in order, without extension.</param>
public sealed record VideoObject(string Video, int Number, string Category, IReadOnlyList<string> Frames)
{
    /// <summary>File of a frame's picture.</summary>
    public string Picture(string folder, string frame) => Path.Combine(folder, "JPEGImages", Video, frame + ".jpg");

    /// <summary>The object in a frame; empty where it is hidden.</summary>
    /// <exception cref="FormatException">The annotation has colours of another palette.</exception>
    /// <exception cref="Imaging.PictureException">It cannot be decoded.</exception>
    public Mask Mask(string folder, string frame)
    {
        var path = Path.Combine(folder, "Annotations", Video, frame + ".png");
        var picture = PictureDecoder.DecodeFile(path).Pixels;
        var mask = new Mask(picture.Width, picture.Height);
        var wanted = VideoObjects.Colour(Number);
        for (var i = 0; i < mask.Pixels.Length; i++)
        {
            var (red, green, blue) = (picture.Pixels[i * 4], picture.Pixels[(i * 4) + 1], picture.Pixels[(i * 4) + 2]);
            if (!VideoObjects.IsColour(red, green, blue))
                throw new FormatException($"{path} has the colour ({red}, {green}, {blue}), which is none of the palette of DAVIS and YouTube-VOS.");
            if ((red, green, blue) == wanted)
                mask.Pixels[i] = Masks.Mask.Marked;
        }
        return mask;
    }
}

/// <summary>YouTube-VOS as it is distributed: <c>meta.json</c>, <c>JPEGImages/VIDEO/FRAME.jpg</c> and <c>Annotations/VIDEO/FRAME.png</c>, whose palette's index is the object.</summary>
public static class VideoObjects
{
    private static readonly Dictionary<(byte, byte, byte), int> s_numbers = Enumerable.Range(0, 256).ToDictionary(Colour);

    /// <summary>Every object with at least two frames, by video and number.</summary>
    /// <param name="folder">The data set's <c>train</c> or <c>valid</c> folder.</param>
    /// <exception cref="FormatException">The folder is not laid out like that.</exception>
    public static IReadOnlyList<VideoObject> Read(string folder)
    {
        var path = Path.Combine(folder, "meta.json");
        var root = DatasetJson.Read(path);
        if (!root.TryGetProperty("videos", out var videos))
            throw new FormatException($"{path} has no 'videos'");
        return [.. videos.EnumerateObject().SelectMany(video => Objects(path, video)).Where(o => o.Frames.Count > 1)];
    }

    private static IEnumerable<VideoObject> Objects(string path, JsonProperty video)
    {
        if (!video.Value.TryGetProperty("objects", out var objects))
            throw new FormatException($"{path}: video '{video.Name}' has no 'objects'");
        foreach (var thing in objects.EnumerateObject())
        {
            var where = $"{path}: object '{thing.Name}' of video '{video.Name}'";
            if (!int.TryParse(thing.Name, out var number) || number is < 1 or > 255 || !thing.Value.TryGetProperty("frames", out var frames))
                throw new FormatException($"{where} has no number or no 'frames'");
            yield return new VideoObject(video.Name, number, DatasetJson.Text(thing.Value, "category", where), [.. frames.EnumerateArray().Select(f => f.GetString()!)]);
        }
    }

    /// <summary>The colour of a number in the palette that PASCAL VOC, DAVIS and YouTube-VOS share: the number's bits are dealt to the channels' high bits in turn.</summary>
    internal static (byte Red, byte Green, byte Blue) Colour(int number)
    {
        var (red, green, blue) = (0, 0, 0);
        for (var (bit, left) = (7, number); left > 0; bit--, left >>= 3)
        {
            red |= (left & 1) << bit;
            green |= ((left >> 1) & 1) << bit;
            blue |= ((left >> 2) & 1) << bit;
        }
        return ((byte)red, (byte)green, (byte)blue);
    }

    internal static bool IsColour(byte red, byte green, byte blue) => s_numbers.ContainsKey((red, green, blue));
}
