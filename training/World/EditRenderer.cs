using FlexEdit.Masks;

namespace FlexEdit.Training.World;

/// <summary>
/// Renders training examples of the synthetic world: a picture with an object and a rough mask, of which the crop is
/// cut that the service would cut (<see cref="EditCrop"/>), and what the edit should make of it. Sample (seed, index)
/// is the same on every machine. Little is left to chance that the inputs do not show: a new object is centred in the
/// mask's box and nearly as long as it, a replacement stands where the old object stood.
/// </summary>
public sealed class EditRenderer
{
    /// <summary>The added object's longer side divided by that of the mask's box.</summary>
    public const double ObjectShare = 0.95;

    // No picture is narrower, so that the crop around any mask drawn here is a square.
    private const int ShortestSide = 240;
    private const double SmallestObject = 40, LargestObject = 80;

    // Some people do draw the outline, or have it drawn by a segmentation model.
    private const double OutlineShare = 0.12;
    private readonly WorldObject[] _objects, _named;
    private readonly PhotoChoice _photos;
    private readonly (EditOperation Operation, double Weight)[] _operations;
    private readonly int _side;
    private readonly ulong _seed;
    private readonly TrainingMarks _marks;

    /// <summary>A renderer over the trained or the held-out part of the world.</summary>
    /// <param name="catalog">The world.</param>
    /// <param name="side">R.</param>
    /// <param name="seed">Of all chance.</param>
    /// <param name="operations">How often each operation comes.</param>
    /// <param name="heldOut">
    /// True: held-out photographs, and held-out objects as subjects (those that must be named are trained ones).
    /// </param>
    /// <param name="marks">How the masks are drawn.</param>
    public EditRenderer(
        WorldCatalog catalog, int side, ulong seed, IReadOnlyDictionary<EditOperation, double> operations, bool heldOut, TrainingMarks marks = TrainingMarks.Uniform)
    {
        (_side, _seed, _marks) = (side, seed, marks);
        _objects = [.. catalog.Objects.Where(o => o.HeldOut == heldOut)];
        _named = [.. catalog.Objects.Where(o => o is { Known: true, HeldOut: false })];
        _photos = new PhotoChoice(catalog.Photos.Where(p => p.HeldOut == heldOut));
        _operations = [.. operations.Select(o => (o.Key, o.Value))];
    }

    /// <summary>Sample number <paramref name="index"/>. Thread-safe.</summary>
    public EditSample Render(long index)
    {
        var random = new SeededRandom(_seed, (ulong)index);
        var operation = Draw(random);
        var adds = operation is EditOperation.AddSubject or EditOperation.AddNamed;
        var bySubject = operation is EditOperation.AddSubject or EditOperation.ReplaceSubject;
        var byName = operation is EditOperation.AddNamed or EditOperation.ReplaceNamed;
        var old = adds ? null : random.Pick(_named);
        var thing = bySubject ? Other(_objects, old, random) : byName ? Other(_named, old, random) : null;
        var colour = operation is EditOperation.Recolour or EditOperation.Paint ? random.Pick(WorldColours.All) : null;

        var view = SceneView.Random(_photos, ShortestSide, random);
        var place = Place.Random(old ?? thing!, view, random.Between(SmallestObject, LargestObject), mirror: old is not null && random.Chance(0.5), random);
        var (crop, mask) = DrawMask(old, old ?? thing!, place, view, random);
        var seen = place.Within(crop, _side);

        var background = view.Draw(crop, _side);
        AddDistractors(background, seen, random);
        var scene = background.Copy();
        var full = new byte[_side * _side];
        if (old is not null)
            scene.DrawObject(old, seen.X, seen.Y, seen.Longer, seen.Mirror, full);

        var target = background;
        var box = mask.Bounds;
        if (adds)
            target.DrawObject(thing!, box.X + (box.Width / 2.0), box.Y + (box.Height / 2.0), ObjectShare * box.LongerSide, mirror: false);
        else if (thing is not null)
            target.DrawObject(thing, seen.X, seen.Y, seen.Longer, mirror: false);
        else if (operation != EditOperation.Remove)
            target.DrawObject(old!, seen.X, seen.Y, seen.Longer, seen.Mirror, tint: new Tint(colour!, Flat: operation == EditOperation.Paint));

        var (subject, alpha) = bySubject ? SubjectPicture.Draw(thing!, _photos, _side, random) : (null, null);
        var oldName = old?.Name;
        var newName = thing is { Known: true } ? thing.Name : null;
        return new EditSample
        {
            Operation = operation,
            Scene = scene.Rgb,
            Target = target.Rgb,
            Mask = mask.Pixels,
            FullMask = full,
            Subject = subject,
            SubjectAlpha = alpha,
            Label = oldName ?? newName ?? "object",
            OldName = oldName,
            NewName = bySubject ? null : newName,
            Colour = colour?.Name,
            Instruction = EditSentences.Instruction(operation, oldName, newName, colour?.Name, random),
        };
    }

    // Nothing is replaced by itself.
    private static WorldObject Other(WorldObject[] among, WorldObject? old, SeededRandom random)
    {
        var index = random.Next(among.Length);
        return among[index].Name == old?.Name ? among[(index + 1) % among.Length] : among[index];
    }

    private EditOperation Draw(SeededRandom random)
    {
        var left = random.NextDouble() * _operations.Sum(o => o.Weight);
        foreach (var (operation, weight) in _operations)
        {
            left -= weight;
            if (left < 0)
                return operation;
        }

        return _operations[^1].Operation;
    }

    /// <summary>Draws a rough mask and cuts the crop around it, as the service does. The mask comes at the model's side.</summary>
    private (Box Crop, Mask Mask) DrawMask(WorldObject? old, WorldObject marked, Place place, SceneView view, SeededRandom random)
    {
        // Only the part of the picture that a mask can reach is drawn.
        var window = place.Reach(view.Width, view.Height);
        var outline = _marks == TrainingMarks.Both && random.Chance(OutlineShare);
        Mask drawn;
        if (old is not null || outline)
        {
            drawn = new Mask(window.Width, window.Height);
            ObjectSampler.Mark(drawn, marked, place.X - window.X, place.Y - window.Y, place.Longer, place.Mirror);
            if (!outline)
                drawn = TrainingMark.Around(drawn, _marks, random);
        }
        else
        {
            drawn = TrainingMark.At(place, window, _marks, random);
        }

        var bounds = drawn.Bounds;
        var factor = random.Between(1.5, 2) + random.Between(0, 0.5);
        var crop = EditCrop.Around(bounds with { X = bounds.X + window.X, Y = bounds.Y + window.Y }, view.Width, view.Height, factor);
        var mask = drawn.Crop(crop with { X = crop.X - window.X, Y = crop.Y - window.Y }).Resize(_side, _side);
        return (crop, mask);
    }

    // Other objects stand beside the mask in a third of the pictures; they must stay as they are.
    private void AddDistractors(Canvas canvas, Place seen, SeededRandom random)
    {
        if (!random.Chance(0.35))
            return;
        var count = 1 + random.Next(2);
        for (var i = 0; i < count; i++)
        {
            var angle = random.Between(0, 2 * Math.PI);
            var size = seen.Longer * random.Between(0.5, 1);
            var distance = (seen.Longer / 2) + (size / 2) + random.Between(2, 14);
            canvas.DrawObject(
                random.Pick(_objects), seen.X + (Math.Cos(angle) * distance), seen.Y + (Math.Sin(angle) * distance), size,
                random.Chance(0.5));
        }
    }
}
