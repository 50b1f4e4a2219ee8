using System.Text.Json;
using FlexEdit.Evaluation.Datasets;
using FlexEdit.Imaging;
using FlexEdit.Imaging.Decoding;
using FlexEdit.Imaging.Pixels;
using FlexEdit.Masks;
using FlexEdit.Masks.Shapes;

namespace FlexEdit.Evaluation.Cases;

/// <summary>Reads a benchmark folder: <c>cases.jsonl</c> and the pictures that it names.</summary>
public static class BenchmarkFolder
{
    /// <summary>The list of cases.</summary>
    public const string ListFile = "cases.jsonl";

    /// <summary>Reads and checks the list, all of it at once; pictures are read when a case is opened, but must exist.</summary>
    /// <exception cref="BenchmarkException">Lists every problem with its line.</exception>
    public static BenchmarkSet Read(string folder)
    {
        var path = Path.Combine(folder, ListFile);
        if (!File.Exists(path))
            throw new BenchmarkException($"{folder} is no benchmark: it has no {ListFile}.");
        var (problems, cases, ids) = (new List<string>(), new List<BenchmarkCase>(), new HashSet<string>(StringComparer.Ordinal));
        foreach (var (index, line) in File.ReadLines(path).Index())
        {
            if (string.IsNullOrWhiteSpace(line))
                continue;
            var place = $"line {index + 1}";
            if (Parse(line, place, problems) is not { } read)
                continue;
            if (!ids.Add(read.Id))
                problems.Add($"{place}: the id '{read.Id}' was there before");
            CaseRules.Check(read, folder, place, problems);
            cases.Add(new BenchmarkCase(read, () => Open(read, folder)));
        }
        if (cases.Count == 0 && problems.Count == 0)
            problems.Add("there is no case");
        return problems.Count == 0 ? new BenchmarkSet(Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))), cases) : throw new BenchmarkException(path, problems);
    }

    private static EvaluationCase? Parse(string line, string place, List<string> problems)
    {
        try
        {
            return JsonSerializer.Deserialize<EvaluationCase>(line, EvaluationCase.Json) ?? throw new JsonException("it is null");
        }
        catch (JsonException problem)
        {
            problems.Add($"{place}: {problem.Message}");
            return null;
        }
    }

    private static CasePictures Open(EvaluationCase read, string folder)
    {
        try
        {
            var sceneFile = File.ReadAllBytes(Path.Combine(folder, read.Scene));
            var scene = PictureDecoder.Decode(sceneFile).Pixels.Over(255, 255, 255);
            var subjectFile = read.Subject is null ? null : File.ReadAllBytes(Path.Combine(folder, read.Subject));
            var region = ReadMask(read.Region, "region", read, folder, scene);
            return new CasePictures
            {
                Scene = scene,
                SceneFile = sceneFile,
                SubjectFile = subjectFile,
                Subject = subjectFile is null ? null : PictureDecoder.Decode(subjectFile).Pixels,
                Free = ReadMask(read.Mask, "mask", read, folder, scene),
                Full = read.FullMask is null ? region : ReadMask(read.FullMask, "full_mask", read, folder, scene),
                HasObject = read.FullMask is not null && read.Operation?.StartsWith("add", StringComparison.Ordinal) != true,
                Region = region,
                Expected = ReadExpected(read, folder, scene, region),
            };
        }
        catch (Exception problem) when (problem is PictureException or IOException or FormatException or ArgumentException or MarkException)
        {
            throw new BenchmarkException($"Case {read.Id} cannot be opened: {problem.Message}", problem);
        }
    }

    private static Mask ReadMask(CaseMask mask, string field, EvaluationCase read, string folder, RgbImage scene)
    {
        var pixels = mask.Shapes is { } shapes ? MarkRasteriser.Draw(MarkReader.Read(shapes.GetRawText(), field), scene.Width, scene.Height, field)
            : mask.Rle is { } rle ? CocoSegmentation.Read(rle, scene.Width, scene.Height)
            : MaskFolder.ReadMask(Path.Combine(folder, mask.File!));
        if (pixels.Width != scene.Width || pixels.Height != scene.Height)
            throw new BenchmarkException($"Case {read.Id}: {field} has {pixels.Width}x{pixels.Height} pixels, the scene {scene.Width}x{scene.Height}.");
        return pixels.IsEmpty ? throw new BenchmarkException($"Case {read.Id}: {field} marks nothing.") : pixels;
    }

    private static RgbImage ReadExpected(EvaluationCase read, string folder, RgbImage scene, Mask region)
    {
        var file = PictureDecoder.DecodeFile(Path.Combine(folder, read.Expected.File)).Pixels.Over(255, 255, 255);
        if (read.Expected.At is not [var left, var top])
        {
            return file.Width == scene.Width && file.Height == scene.Height ? file
                : throw new BenchmarkException($"Case {read.Id}: the expected picture has {file.Width}x{file.Height} pixels, the scene {scene.Width}x{scene.Height}; a patch needs 'at'.");
        }
        var patch = new Box(left, top, file.Width, file.Height);
        if (!patch.Contains(region.Bounds) || !region.Frame.Contains(patch))
            throw new BenchmarkException($"Case {read.Id}: the expected patch {patch} does not cover the region {region.Bounds}, or leaves the scene.");
        var expected = new RgbImage(scene.Width, scene.Height, (byte[])scene.Pixels.Clone());
        for (var y = top; y < patch.Bottom; y++)
        {
            for (var x = left; x < patch.Right; x++)
            {
                if (region[x, y])
                    file.Row(y - top).Slice((x - left) * 3, 3).CopyTo(expected.Row(y)[(x * 3)..]);
            }
        }
        return expected;
    }
}
