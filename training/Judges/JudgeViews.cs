using FlexEdit.Evaluation.Judges;
using FlexEdit.Masks;
using FlexEdit.Training.World;

namespace FlexEdit.Training.Judges;

/// <summary>One picture for a judge: an object, perhaps tinted, on a photograph, or a photograph alone.</summary>
/// <param name="Rgb">side·side·3 bytes.</param>
/// <param name="Name">The object's name; null where there is none.</param>
/// <param name="Colour">The colour it was given; null where it has its own.</param>
internal sealed record JudgeView(byte[] Rgb, string? Name, string? Colour)
{
    /// <summary>What the picture shows.</summary>
    public string Caption => Name is null ? JudgeWords.Background : Colour is null ? Name : $"{Colour} {Name}";
}

/// <summary>
/// Renders what the judges see. All objects, for a judge must know what it judges; photographs of one side of the split. Other than the edited
/// models' examples there is no scene and no mask: the object fills the picture as it fills the crop of an edited region.
/// </summary>
/// <param name="catalog">The world.</param>
/// <param name="side">Of the pictures.</param>
/// <param name="seed">Of all chance.</param>
/// <param name="heldOut">Whether the photographs are held-out ones.</param>
internal sealed class JudgeViews(WorldCatalog catalog, int side, ulong seed, bool heldOut)
{
    private const double BackgroundShare = 0.06, TintShare = 0.4, FlatShare = 0.25, BesideShare = 0.25;
    private readonly PhotoChoice photos = new(catalog.Photos.Where(p => p.HeldOut == heldOut));

    /// <summary>A picture of some object. Thread-safe.</summary>
    public JudgeView Render(long index)
    {
        var random = new SeededRandom(seed, (ulong)index);
        if (random.Chance(BackgroundShare))
            return new JudgeView(Ground(random).Rgb, null, null);
        return Render(random.Pick(catalog.Objects), random.Chance(TintShare) ? random.Pick(WorldColours.All) : null, random);
    }

    /// <summary>A picture of this object.</summary>
    public JudgeView Render(WorldObject thing, WorldColour? colour, SeededRandom random)
    {
        var canvas = Ground(random);
        var longer = side * random.Between(0.6, 1.02);
        var (x, y) = (Centre(random), Centre(random));
        if (random.Chance(BesideShare))
        {
            var angle = random.Between(0, 2 * Math.PI);
            var distance = side * random.Between(0.55, 0.75);
            canvas.DrawObject(random.Pick(catalog.Objects), x + (Math.Cos(angle) * distance), y + (Math.Sin(angle) * distance), side * random.Between(0.3, 0.6), random.Chance(0.5));
        }
        canvas.DrawObject(thing, x, y, longer, random.Chance(0.5), tint: colour is null ? null : new Tint(colour, Flat: random.Chance(FlatShare)));
        return new JudgeView(canvas.Rgb, thing.Name, colour?.Name);
    }

    private double Centre(SeededRandom random) => side * (0.5 + random.Between(-0.07, 0.07));

    private Canvas Ground(SeededRandom random)
    {
        var view = SceneView.Random(photos, 2 * side, random);
        return view.Draw(new Box(random.Next(view.Width - side + 1), random.Next(view.Height - side + 1), side, side), side);
    }
}
