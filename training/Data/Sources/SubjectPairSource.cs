using FlexEdit.Evaluation.Datasets;
using FlexEdit.Imaging.Pixels;
using FlexEdit.Masks;

namespace FlexEdit.Training.Data.Sources;

/// <summary>
/// Pairs of a subject and a scene from videos, by AnyDoor's recipe (Chen et al. 2024): the subject comes from one frame, cut out on white, and belongs into
/// another one, far from it in time, where its box is emptied.
/// </summary>
/// <param name="folder">YouTube-VOS's <c>train</c>.</param>
public sealed class SubjectPairSource(string folder) : IExampleSource
{
    // AnyDoor's filter: neither too small to be recognised nor the whole picture.
    private const double SmallestShare = 0.01, LargestShare = 0.64;
    private const int Tries = 8;
    private static readonly string[] s_sentences = ["Add the {new} in [pic2] to [pic1] where the mask is.", "Put the {new} of [pic2] into the marked place.", "Add the object from [pic2] here."];
    private readonly IReadOnlyList<VideoObject> _objects = VideoObjects.Read(folder);

    /// <inheritdoc/>
    public string Name => "subjects";

    /// <inheritdoc/>
    public int Count => _objects.Count;

    /// <inheritdoc/>
    public DataExample Read(int index, SeededRandom random)
    {
        var thing = _objects[index];
        for (var i = 0; i < Tries; i++)
        {
            var (from, to) = Frames(thing.Frames.Count, random);
            var (there, here) = (thing.Mask(folder, thing.Frames[from]), thing.Mask(folder, thing.Frames[to]));
            if (IsFit(there) && IsFit(here))
                return Pair(thing, thing.Frames[from], there, thing.Frames[to], here, random);
        }
        throw new FormatException($"Object {thing.Number} of video {thing.Video} is never both large enough and small enough in two frames that were tried.");
    }

    private DataExample Pair(VideoObject thing, string from, Mask there, string to, Mask here, SeededRandom random)
    {
        var target = Pictures.Read(thing.Picture(folder, to));
        var hole = Mask.FromBox(here.Bounds, here.Width, here.Height);
        return new DataExample
        {
            Id = $"{thing.Video}/{thing.Number}/{from}-{to}",
            Scene = Pictures.Fill(target, hole, 127, 127, 127),
            Target = target,
            Meant = here,
            Subject = Cut(Pictures.Read(thing.Picture(folder, from)), there),
            Instruction = random.Pick(s_sentences).Replace("{new}", thing.Category, StringComparison.Ordinal),
            Label = thing.Category,
        };
    }

    // At least a tenth of the video apart, as AnyDoor asks.
    private static (int From, int To) Frames(int count, SeededRandom random)
    {
        var gap = Math.Max(1, count / 10);
        var first = random.Next(Math.Max(1, count - gap));
        var second = Math.Min(count - 1, first + gap + random.Next(Math.Max(1, count - gap - first)));
        return random.Chance(0.5) ? (first, second) : (second, first);
    }

    private static bool IsFit(Mask mask) => mask.Coverage is >= SmallestShare and <= LargestShare;

    private static RgbImage Cut(RgbImage picture, Mask mask)
    {
        if (picture.Width != mask.Width || picture.Height != mask.Height)
            throw new FormatException($"A frame of {picture.Width}x{picture.Height} pixels has an annotation of {mask.Width}x{mask.Height}.");
        var box = mask.Bounds;
        var side = (int)Math.Ceiling(box.LongerSide * 1.2);
        var cut = new RgbImage(side, side);
        cut.Pixels.AsSpan().Fill(255);
        for (var y = 0; y < box.Height; y++)
        {
            for (var x = 0; x < box.Width; x++)
            {
                if (mask[box.X + x, box.Y + y])
                    picture.Pixel(box.X + x, box.Y + y).CopyTo(cut.Pixel(((side - box.Width) / 2) + x, ((side - box.Height) / 2) + y));
            }
        }
        return cut;
    }
}
