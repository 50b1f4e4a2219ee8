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
    private const double BackgroundShare = 0.06, TintShare = 0.4, FlatShare = 0.25, BesideShare = 0.25, SameGroundShare = 0.12;
    private readonly PhotoChoice photos = new(catalog.Photos.Where(p => p.HeldOut == heldOut));

    /// <summary>A picture of some object. Thread-safe.</summary>
    public JudgeView Render(long index)
    {
        var random = new SeededRandom(seed, (ulong)index);
        if (random.Chance(BackgroundShare))
            return new JudgeView(Ground(random).Rgb, null, null);
        return Render(random.Pick(catalog.Objects), Tinted(random), random);
    }

    /// <summary>
    /// Two pictures of one thing, which is not named: the same rendering (with its tint) pasted on two photographs, at other sizes and places, mirrored or not
    /// (Zhao et al. 2021, Yang et al. 2021); for some the ground is kept, and some show nothing but a ground. Thread-safe.
    /// </summary>
    public (byte[] First, byte[] Second) Pair(long index)
    {
        var random = new SeededRandom(seed, (ulong)index);
        var kind = random.NextDouble();
        if (kind < BackgroundShare + SameGroundShare)
        {
            var one = kind < BackgroundShare ? Ground(random).Rgb : Render(random.Pick(catalog.Objects), Tinted(random), random).Rgb;
            return (one, one);
        }
        var thing = random.Pick(catalog.Objects);
        var tint = Tinted(random);
        return (Render(thing, tint, random).Rgb, Render(thing, tint, random).Rgb);
    }

    /// <summary>A picture of this object in its own colours, or in another one, shaded or flat.</summary>
    public JudgeView Render(WorldObject thing, WorldColour? colour, SeededRandom random) =>
        Render(thing, colour is null ? null : new Tint(colour, Flat: random.Chance(FlatShare)), random);

    private JudgeView Render(WorldObject thing, Tint? tint, SeededRandom random)
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
        canvas.DrawObject(thing, x, y, longer, random.Chance(0.5), tint: tint);
        return new JudgeView(canvas.Rgb, thing.Name, tint?.Colour.Name);
    }

    private static Tint? Tinted(SeededRandom random) => random.Chance(TintShare) ? new Tint(random.Pick(WorldColours.All), Flat: random.Chance(FlatShare)) : null;

    private double Centre(SeededRandom random) => side * (0.5 + random.Between(-0.07, 0.07));

    private Canvas Ground(SeededRandom random)
    {
        var view = SceneView.Random(photos, 2 * side, random);
        return view.Draw(new Box(random.Next(view.Width - side + 1), random.Next(view.Height - side + 1), side, side), side);
    }
}
