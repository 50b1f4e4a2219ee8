using System.Text.Json;
using FlexEdit.Evaluation.Cases;
using FlexEdit.Evaluation.Judges;
using FlexEdit.Imaging.Pixels;
using FlexEdit.Masks;
using FlexEdit.Masks.FreeShapes;
using FlexEdit.Masks.Rle;
using FlexEdit.Masks.Shapes;
using FlexEdit.Training.World;
using NetVips;

namespace FlexEdit.Training.Benchmark;

/// <summary>
/// Makes FSMI-Edit-Mini. Scenes are held-out photographs whose licences allow to share them, and drawn rooms; subjects are held-out objects; so are half of the objects
/// that are removed or coloured. What has to be named is a name that models were taught, for nobody can guess another.
/// </summary>
internal sealed class BuildMini(WorldCatalog catalog, string folder, ulong seed)
{
    private const int Side = 256, SubjectSide = 192;
    private const byte Visible = 13;
    private static readonly string[] Shared =
    [
        "lomiri-wallpapers-16.04--aitzgorri_by_Aitzol_Berasategi", "lomiri-wallpapers-16.04--picosdeeuropa_by_Aitzol_Berasategi",
        "lomiri-wallpapers-16.04--seeding_by_Clements_Engelhardt", "lomiri-wallpapers-16.04--sunset_by_Aitzol_Berasategi",
    ];

    private static readonly string[] Orientations = ["up", "right", "down", "left"];
    private readonly WorldPhoto[] photos = [.. catalog.Photos.Where(p => p.HeldOut && Shared.Contains(Path.GetFileNameWithoutExtension(p.Name)))];
    private readonly WorldObject[] unseen = [.. catalog.Objects.Where(o => o.HeldOut)];
    private readonly WorldObject[] named = [.. catalog.Objects.Where(o => o is { Known: true, HeldOut: false })];

    /// <summary>Writes the folder.</summary>
    public void Run()
    {
        if (photos.Length != Shared.Length)
            throw new InvalidDataException($"Of the photographs {string.Join(", ", Shared)} only {photos.Length} are there and held out.");
        Directory.CreateDirectory(folder);
        using var list = new StreamWriter(Path.Combine(folder, BenchmarkFolder.ListFile)) { NewLine = "\n" };
        foreach (var plan in MiniPlan.All())
            list.WriteLine(JsonSerializer.Serialize(Make(plan), EvaluationCase.Json));
    }

    private EvaluationCase Make(MiniPlan plan)
    {
        var random = new SeededRandom(seed, (ulong)(plan.Number + (plan.Multiple ? 1000 : 0)));
        var adds = plan.Operation is EditOperation.AddSubject or EditOperation.AddNamed;
        var tints = plan.Operation is EditOperation.Recolour or EditOperation.Paint;
        var old = adds ? null : random.Pick((tints || plan.Operation == EditOperation.Remove) && plan.Number % 2 == 0 ? unseen : named);
        var fresh = plan.Multiple ? random.Pick(unseen) : plan.Operation is EditOperation.AddNamed or EditOperation.ReplaceNamed ? random.Pick(named) : null;
        var colour = tints ? random.Pick(WorldColours.All) : null;
        var ground = plan.Indoor ? Room.Draw(Side, random.Pick(photos), random) : Outdoors(random);
        Beside(ground, old ?? fresh!, random, out var x, out var y, out var longer);

        var (scene, expected) = (ground.Copy(), ground);
        var (before, after) = (new byte[Side * Side], new byte[Side * Side]);
        if (old is not null)
            scene.DrawObject(old, x, y, longer, mirror: false, before);
        if (fresh is not null)
            expected.DrawObject(fresh, x, y, longer, mirror: false, after);
        else if (colour is not null)
            expected.DrawObject(old!, x, y, longer, mirror: false, after, new Tint(colour, Flat: plan.Operation == EditOperation.Paint));

        var full = Mask.FromSamples(old is null ? after : before, Side, Side);
        var region = Mask.FromSamples(before, Side, Side, Visible).Union(Mask.FromSamples(after, Side, Side, Visible));
        var mark = Mark(plan.Kind, full, plan.Quarter, random);
        var box = region.Bounds;
        Save(scene.Rgb, Side, $"{plan.Id}-scene.webp", 86);
        Save(new RgbImage(Side, Side, expected.Rgb).Crop(box), $"{plan.Id}-expected.webp", 92);
        var subject = plan.Multiple ? Subject(plan, fresh!, random) : null;
        var newName = fresh is { Known: true } ? fresh.Name : null;
        var oldName = old is { Known: true, HeldOut: false } ? old.Name : null;
        return new EvaluationCase
        {
            Id = plan.Id,
            Kind = plan.Multiple ? EvaluationCase.Multiple : EvaluationCase.Single,
            Operation = EditSentences.NameOf(plan.Operation),
            Scene = $"{plan.Id}-scene.webp",
            Subject = subject,
            Instruction = EditSentences.Instruction(plan.Operation, oldName, newName, colour?.Name, random),
            Mask = new CaseMask { Shapes = JsonSerializer.SerializeToElement(new[] { MarkJson.Of(mark) }) },
            FullMask = Rle(full),
            Region = Rle(region),
            Expected = new CasePicture { File = $"{plan.Id}-expected.webp", At = [box.X, box.Y] },
            Label = fresh?.Name ?? (colour is null ? JudgeWords.Background : $"{colour.Name} {old!.Name}"),
            Marked = oldName,
            MaskKind = JsonNamingPolicy.SnakeCaseLower.ConvertName(plan.Kind.ToString()),
            Orientation = plan.Kind is FreeShapeKind.Circle or FreeShapeKind.HollowCircle ? null : Orientations[plan.Quarter],
            Setting = plan.Indoor ? "indoor" : "outdoor",
            SubjectKind = plan.Multiple ? plan.Complex ? "complex" : "simple" : null,
            Seed = (uint)plan.Number,
        };
    }

    private Canvas Outdoors(SeededRandom random)
    {
        var view = SceneView.Random(new PhotoChoice(photos), Side, random);
        return view.Draw(new Box(random.Next(view.Width - Side + 1), random.Next(view.Height - Side + 1), Side, Side), Side);
    }

    // A third of the scenes have another object, which must stay as it is.
    private void Beside(Canvas ground, WorldObject thing, SeededRandom random, out double x, out double y, out double longer)
    {
        longer = random.Between(64, 104);
        var margin = (longer / 2) + 12;
        (x, y) = (random.Between(margin, Side - margin), random.Between(margin, Side - margin));
        if (!random.Chance(0.35))
            return;
        var size = longer * random.Between(0.5, 0.9);
        var distance = (longer / 2) + (size / 2) + random.Between(4, 20);
        // Towards the middle, where there is room.
        var angle = Math.Atan2((Side / 2.0) - y, (Side / 2.0) - x) + random.Between(-0.5, 0.5);
        var other = random.Pick(unseen);
        if (other.Name != thing.Name)
            ground.DrawObject(other, x + (Math.Cos(angle) * distance), y + (Math.Sin(angle) * distance), size, random.Chance(0.5));
    }

    private static MarkShape Mark(FreeShapeKind kind, Mask full, int quarter, SeededRandom random)
    {
        while (true)
        {
            var mark = DrawnShape.Mark(kind, full.Bounds, full, random, quarter: quarter);
            if (!MarkRasteriser.Draw([mark], Side, Side).IsEmpty)
                return mark;
        }
    }

    private string Subject(MiniPlan plan, WorldObject thing, SeededRandom random)
    {
        Canvas canvas;
        if (plan.Complex)
        {
            canvas = random.Chance(0.5) ? Room.Draw(SubjectSide, random.Pick(photos), random) : Square(random);
        }
        else
        {
            canvas = new Canvas(SubjectSide);
            canvas.Fill(255, 255, 255);
        }
        canvas.DrawObject(thing, SubjectSide / 2.0, SubjectSide / 2.0, SubjectSide * 0.8, mirror: false);
        var file = $"{plan.Id}-subject.webp";
        Save(canvas.Rgb, SubjectSide, file, 90);
        return file;
    }

    private Canvas Square(SeededRandom random)
    {
        var view = SceneView.Random(new PhotoChoice(photos), SubjectSide, random);
        return view.Draw(new Box(random.Next(view.Width - SubjectSide + 1), random.Next(view.Height - SubjectSide + 1), SubjectSide, SubjectSide), SubjectSide);
    }

    private static CaseMask Rle(Mask mask) => new()
    {
        Rle = JsonSerializer.SerializeToElement(new { size = new[] { mask.Height, mask.Width }, counts = CocoRle.Compress(CocoRle.Encode(mask)) }),
    };

    private void Save(byte[] rgb, int side, string file, int quality) => Save(new RgbImage(side, side, rgb), file, quality);

    private void Save(RgbImage picture, string file, int quality)
    {
        using var image = Image.NewFromMemory(picture.Pixels, picture.Width, picture.Height, 3, Enums.BandFormat.Uchar);
        File.WriteAllBytes(Path.Combine(folder, file), image.WebpsaveBuffer(q: quality, smartSubsample: true, effort: 6, keep: Enums.ForeignKeep.None));
    }
}
