using FlexEdit.Evaluation.Datasets;
using FlexEdit.Imaging.Decoding;
using FlexEdit.Imaging.Pixels;
using FlexEdit.Masks;
using FlexEdit.Masks.FreeShapes;

namespace FlexEdit.Evaluation.Cases;

/// <summary>
/// Cases from a COCO data set that the user has: the paper's question of section 3.3. The model gets a free-shape mask of an object and shall paint the
/// whole of it in a colour; what it names and the mask that it predicts are what is of interest.
/// </summary>
public static class CocoCases
{
    private const ulong Seed = 2014;
    private const double SmallestShare = 0.01, LargestShare = 0.5;

    private static readonly (string Name, byte Red, byte Green, byte Blue)[] Colours =
        [("red", 216, 40, 40), ("yellow", 245, 214, 50), ("green", 48, 165, 70), ("blue", 45, 100, 225), ("purple", 140, 66, 200)];

    /// <summary>One case for each object that takes 1 to 50 % of its picture, the random walk and the eight kinds in turn.</summary>
    /// <param name="annotations"><c>instances_….json</c>.</param>
    /// <param name="pictures">Folder of the pictures.</param>
    /// <exception cref="BenchmarkException">A file cannot be read.</exception>
    public static BenchmarkSet Read(string annotations, string pictures)
    {
        var cases = new List<BenchmarkCase>();
        try
        {
            foreach (var thing in CocoFile.Read(annotations).Objects())
            {
                if (thing.Mask.Coverage is < SmallestShare or > LargestShare || thing.Label is null)
                    continue;
                var number = cases.Count;
                var colour = Colours[number % Colours.Length];
                var kind = number % 9 == 8 ? (FreeShapeKind?)null : DrawnShape.Kinds[number % 9];
                var read = new EvaluationCase
                {
                    Id = $"coco-{thing.Id}",
                    Kind = EvaluationCase.Single,
                    Operation = "paint",
                    Scene = thing.Picture!,
                    Instruction = $"Can you tell me what the masks mean in [pic1]? Apply {colour.Name} to the entire object.",
                    Mask = new CaseMask(),
                    Region = new CaseMask(),
                    Expected = new CasePicture { File = thing.Picture! },
                    Label = $"{colour.Name} {thing.Label}",
                    Marked = thing.Label,
                    MaskKind = kind is { } drawn ? System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(drawn.ToString()) : "walk",
                    Seed = (uint)number,
                };
                cases.Add(new BenchmarkCase(read, () => Open(read, Path.Combine(pictures, thing.Picture!), thing, kind, colour, number)));
            }
        }
        catch (Exception problem) when (problem is FormatException or IOException)
        {
            throw new BenchmarkException(problem.Message, problem);
        }
        return cases.Count > 0 ? new BenchmarkSet("COCO", cases) : throw new BenchmarkException($"{annotations} has no object of 1 to 50 % of its picture.");
    }

    private static CasePictures Open(
        EvaluationCase read, string path, MaskedObject thing, FreeShapeKind? kind, (string Name, byte Red, byte Green, byte Blue) colour, int number)
    {
        try
        {
            var file = File.ReadAllBytes(path);
            var scene = PictureDecoder.Decode(file).Pixels.Over(255, 255, 255);
            if (scene.Width != thing.Mask.Width || scene.Height != thing.Mask.Height)
                throw new BenchmarkException($"Case {read.Id}: {path} has {scene.Width}x{scene.Height} pixels, its annotation {thing.Mask.Width}x{thing.Mask.Height}.");
            var expected = new RgbImage(scene.Width, scene.Height, (byte[])scene.Pixels.Clone());
            for (var i = 0; i < thing.Mask.Pixels.Length; i++)
            {
                if (thing.Mask.Pixels[i] != 0)
                    (expected.Pixels[i * 3], expected.Pixels[(i * 3) + 1], expected.Pixels[(i * 3) + 2]) = (colour.Red, colour.Green, colour.Blue);
            }
            var random = new SeededRandom(Seed, (ulong)number);
            return new CasePictures
            {
                Scene = scene,
                SceneFile = file,
                Free = kind is { } drawn ? DrawnShape.Draw(drawn, thing.Mask, random) : RandomWalk.Draw(thing.Mask, random),
                Full = thing.Mask,
                HasObject = true,
                Region = thing.Mask,
                Expected = expected,
            };
        }
        catch (Exception problem) when (problem is Imaging.PictureException or IOException)
        {
            throw new BenchmarkException($"Case {read.Id} cannot be opened: {problem.Message}", problem);
        }
    }
}
