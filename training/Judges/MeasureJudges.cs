using System.Text.Json;
using System.Text.Json.Nodes;
using FlexEdit.Evaluation.Judges;
using FlexEdit.Evaluation.Metrics;
using FlexEdit.Imaging.Pixels;
using FlexEdit.Masks;
using FlexEdit.Models.Editing;
using FlexEdit.Training.World;

namespace FlexEdit.Training.Judges;

/// <summary>Measures the trained judges on held-out photographs and puts them where the benchmark finds them, with a card that says what was measured.</summary>
internal sealed class MeasureJudges(WorldCatalog catalog, string folder, string target)
{
    private const ulong Seed = 4711;
    private readonly JudgeViews views = new(catalog, JudgeTrunk.Side, Seed, heldOut: true);

    /// <summary>Measures and packs every judge that there is.</summary>
    public void Run()
    {
        if (Pack("judge-clip", "words.json"))
        {
            using var judge = JudgeClip.Open(Path.Combine(target, "judge-clip"));
            WriteCard("judge-clip", "Pictures and texts of the synthetic world in one space, trained by contrast. None of the published CLIP networks.", Clip(judge));
        }
        if (Pack("judge-dino"))
        {
            using var judge = JudgeDino.Open(Path.Combine(target, "judge-dino"));
            WriteCard("judge-dino", "Pictures of the synthetic world, trained without labels by self-distillation. None of the published DINO networks.", Dino(judge));
        }
    }

    private JsonObject Clip(JudgeClip judge)
    {
        string[] names = [.. catalog.Objects.Select(o => o.Name).Distinct(StringComparer.Ordinal)];
        string[] known = [.. catalog.Objects.Where(o => o.Known).Select(o => o.Name).Distinct(StringComparer.Ordinal)];
        var (all, few) = (Texts(judge, names), Texts(judge, known));
        var (right, rightKnown, rightColour, countKnown) = (0, 0, 0, 0);
        foreach (var (i, thing) in catalog.Objects.Index())
        {
            var seen = judge.Embed(View(thing, null, i));
            right += Nearest(seen, all) == thing.Name ? 1 : 0;
            countKnown += thing.Known ? 1 : 0;
            rightKnown += thing.Known && Nearest(seen, few) == thing.Name ? 1 : 0;
            var colour = WorldColours.All[i % WorldColours.All.Count];
            var tinted = Texts(judge, [.. WorldColours.All.Select(c => $"{c.Name} {thing.Name}")]);
            rightColour += Nearest(judge.Embed(View(thing, colour, i + 10_000)), tinted) == $"{colour.Name} {thing.Name}" ? 1 : 0;
        }
        return new JsonObject
        {
            ["name_top1"] = Share(right, catalog.Objects.Count),
            ["names"] = names.Length,
            ["vocabulary_name_top1"] = Share(rightKnown, countKnown),
            ["vocabulary_names"] = known.Length,
            ["colour_top1"] = Share(rightColour, catalog.Objects.Count),
            ["colours"] = WorldColours.All.Count,
        };
    }

    // Every object twice, on different photographs: does the one find the other?
    private JsonObject Dino(JudgeDino judge)
    {
        var gallery = catalog.Objects.Select((thing, i) => (Name: $"{i}", Vector: judge.Embed(View(thing, null, i)))).ToArray();
        var right = catalog.Objects.Index().Count(o => Nearest(judge.Embed(View(o.Item, null, o.Index + 20_000)), gallery) == $"{o.Index}");
        return new JsonObject { ["object_retrieval_top1"] = Share(right, gallery.Length), ["objects"] = gallery.Length };
    }

    private RgbImage View(WorldObject thing, WorldColour? colour, int index) =>
        new(JudgeTrunk.Side, JudgeTrunk.Side, views.Render(thing, colour, new SeededRandom(Seed, (ulong)index)).Rgb);

    private static (string Name, float[] Vector)[] Texts(JudgeClip judge, string[] texts) => [.. texts.Select(t => (t, judge.EmbedText(t)!))];

    private static string Nearest(float[] seen, (string Name, float[] Vector)[] among) => among.MaxBy(a => PictureMetrics.Cosine(seen, a.Vector)).Name;

    private static double Share(int right, int count) => Math.Round((double)right / count, 3);

    private bool Pack(string judge, params string[] more)
    {
        var from = Path.Combine(folder, judge);
        if (!File.Exists(Path.Combine(from, "weights.safetensors")))
            return false;
        Directory.CreateDirectory(Path.Combine(target, judge));
        foreach (var file in more.Append("weights.safetensors"))
            File.Copy(Path.Combine(from, file), Path.Combine(target, judge, file), overwrite: true);
        return true;
    }

    private void WriteCard(string judge, string description, JsonObject measured)
    {
        var folderOf = Path.Combine(target, judge);
        var card = new JsonObject
        {
            ["id"] = judge,
            ["description"] = description,
            ["licence"] = "Apache-2.0",
            ["measured_on_held_out_photographs"] = measured,
            ["digests"] = new JsonObject(Directory.GetFiles(folderOf).Select(f => Path.GetFileName(f)).Where(f => f != "card.json").Order(StringComparer.Ordinal)
                .Select(f => KeyValuePair.Create(f, (JsonNode?)ModelFolder.DigestOf(Path.Combine(folderOf, f))))),
        };
        File.WriteAllText(Path.Combine(folderOf, "card.json"), card.ToJsonString(EditorConfig.Json) + "\n");
        Console.WriteLine($"{judge}: {JsonSerializer.Serialize(measured)}");
    }
}
