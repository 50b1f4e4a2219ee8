using FlexEdit.Masks;
using FlexEdit.Masks.FreeShapes;
using FlexEdit.Masks.Shapes;

namespace FlexEdit.Training.World;

/// <summary>Which free-shape masks training examples have.</summary>
public enum TrainingMarks
{
    /// <summary>Every kind, drawn uniformly between bounds (<see cref="FreeShape"/>).</summary>
    Uniform,

    /// <summary>As people draw: the eight kinds by their fitted distributions (<see cref="DrawnShape"/>), and the random walk W (<see cref="RandomWalk"/>).</summary>
    Fitted,

    /// <summary>Half of the one, half of the other; and now and then the exact outline.</summary>
    Both,
}

/// <summary>Draws the mask of a training example.</summary>
internal static class TrainingMark
{
    private const double WalkShare = 0.2;

    /// <summary>Around an object.</summary>
    public static Mask Around(Mask thing, TrainingMarks marks, SeededRandom random)
    {
        if (!IsFitted(marks, random))
            return FreeShape.Draw(random.Pick(FreeShape.Kinds), thing, random);
        return random.Chance(WalkShare) ? RandomWalk.Draw(thing, random) : DrawnShape.Draw(random.Pick(DrawnShape.Kinds), thing, random);
    }

    /// <summary>Where something is to come.</summary>
    public static Mask At(Place place, Box window, TrainingMarks marks, SeededRandom random)
    {
        var fitted = IsFitted(marks, random);
        var kind = random.Pick(fitted ? DrawnShape.Kinds : FreeShape.Kinds);
        // What is to come there shows roughly in the mask's proportions.
        var box = place.Loose(window, random.Between(0.75, 1.33));
        if (!fitted)
            return FreeShape.Draw(kind, box, window.Width, window.Height, random);
        var mask = MarkRasteriser.Draw([DrawnShape.Mark(kind, box, null, random)], window.Width, window.Height);
        return mask.IsEmpty ? Mask.FromBox(box, window.Width, window.Height) : mask;
    }

    // The older choice asks for no number, so that its examples stay the same.
    private static bool IsFitted(TrainingMarks marks, SeededRandom random) =>
        marks == TrainingMarks.Fitted || (marks == TrainingMarks.Both && random.Chance(0.5));
}
