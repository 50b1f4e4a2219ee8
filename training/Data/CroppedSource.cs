using FlexEdit.Imaging;
using FlexEdit.Imaging.Pixels;
using FlexEdit.Masks;
using FlexEdit.Training.Data.Sources;
using FlexEdit.Training.World;

namespace FlexEdit.Training.Data;

/// <summary>
/// A data set with free-shape masks made on the fly, cut as the service cuts: the crop around the mask at side R. Where the whole picture is meant, it is
/// squeezed to the square, as InstructDiffusion and SmartEdit do.
/// </summary>
/// <param name="source">The data set.</param>
/// <param name="side">R.</param>
/// <param name="marks">How masks are drawn.</param>
public sealed class CroppedSource(IExampleSource source, int side, TrainingMarks marks) : ILearningSource
{
    /// <inheritdoc/>
    public string Name => source.Name;

    /// <inheritdoc/>
    public int Count => source.Count;

    /// <inheritdoc/>
    public LearningExample Make(int index, SeededRandom random)
    {
        var example = source.Read(index, random);
        var frame = new Box(0, 0, example.Scene.Width, example.Scene.Height);
        var (crop, mask) = (frame, (Mask?)null);
        if (example.Meant is { } meant)
        {
            mask = TrainingMark.Around(meant, marks, random);
            crop = EditCrop.Around(mask.Bounds, frame.Width, frame.Height, random.Between(1.5, 2.5));
        }
        return new LearningExample
        {
            Source = Name,
            Id = example.Id,
            Scene = Cut(example.Scene, crop),
            Mask = mask is null ? Whole() : mask.Crop(crop).Resize(side, side).Pixels,
            Target = example.Target is null ? null : Cut(example.Target, crop),
            FullMask = example.HasObject ? example.Meant!.Crop(crop).Resize(side, side).Pixels : null,
            Subject = example.Subject is null ? null : PictureResize.To(example.Subject, side, side).Pixels,
            Instruction = example.Instruction,
            Label = example.Label,
            Answer = example.Answer,
        };
    }

    private byte[] Cut(RgbImage picture, Box crop) => PictureResize.To(picture.Crop(crop), side, side).Pixels;

    private byte[] Whole()
    {
        var whole = new byte[side * side];
        Array.Fill(whole, Mask.Marked);
        return whole;
    }
}

/// <summary>The synthetic world as a data set.</summary>
/// <param name="renderer">Draws it.</param>
/// <param name="count">Number of its examples before they come again.</param>
public sealed class WorldSource(EditRenderer renderer, int count = 10_000_000) : ILearningSource
{
    /// <inheritdoc/>
    public string Name => "world";

    /// <inheritdoc/>
    public int Count => count;

    /// <inheritdoc/>
    public LearningExample Make(int index, SeededRandom random)
    {
        var sample = renderer.Render(index);
        return new LearningExample
        {
            Source = Name,
            Id = $"{index}",
            Scene = sample.Scene,
            Mask = sample.Mask,
            Target = sample.Target,
            FullMask = sample.FullMask,
            Subject = sample.Subject,
            SubjectAlpha = sample.SubjectAlpha,
            Instruction = sample.Instruction,
            Label = sample.Label,
        };
    }
}
