using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using FlexEdit.Tests.Integration.Hosting;
using Shouldly;
using Xunit;
using YamlDotNet.RepresentationModel;

namespace FlexEdit.Tests.Integration.Chart;

/// <summary>The chart's values have a comment and a rule each, and what the chart has copies of is what it was copied from.</summary>
public sealed partial class ValuesTests
{
    [Theory]
    [InlineData("files/definitions.json", "deploy/rabbitmq/definitions.json")]
    [InlineData("files/rabbitmq.conf", "deploy/rabbitmq/rabbitmq.conf")]
    [InlineData("cards/flexedit-tiny.json", "models/weights/flexedit-tiny/card.json")]
    [InlineData("cards/flexedit-sd15.json", "models/presets/flexedit-sd15/card.json")]
    public void A_copy_is_what_it_was_copied_from(string copy, string original) =>
        File.ReadAllText(Path.Combine(Helm.Chart, copy)).ShouldBe(File.ReadAllText(Path.Combine(Checkout.Root, original)));

    [Fact]
    public void Workers_take_only_the_card_that_ships()
    {
        var digest = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(Checkout.Root, "models", "weights", "flexedit-tiny", "card.json"))));
        var workers = Helm.ApprovedManifests("values.yaml").Where(m => m.Kind == "Deployment" && m.Name.EndsWith("-tiny", StringComparison.Ordinal)).ToArray();
        workers.Length.ShouldBe(2);
        foreach (var worker in workers)
            worker.Containers.Single()["env"].Items.Single(v => v["name"].Text == "FLEXEDIT__Models__CardDigests__flexedit-tiny")["value"].Text.ShouldBe(digest);
    }

    [Fact]
    public void Every_value_has_a_comment()
    {
        var lines = File.ReadAllLines(Path.Combine(Helm.Chart, "values.yaml"));
        var bare = new List<string>();
        for (var i = 0; i < lines.Length; i++)
        {
            // A key with a value, but for the entries of workers and the labels inside of a commented value.
            if (Leaf().Match(lines[i]) is { Success: true } leaf && !(lines[i - 1].TrimStart().StartsWith("# -- ", StringComparison.Ordinal) || IsInsideOfCommented(lines, i)))
                bare.Add($"{i + 1}: {leaf.Value}");
        }
        bare.ShouldBeEmpty();
    }

    [Fact]
    public void Every_value_has_a_rule_and_what_is_no_value_is_refused()
    {
        using var schema = JsonDocument.Parse(File.ReadAllText(Path.Combine(Helm.Chart, "values.schema.json")));
        var stream = new YamlStream();
        using (var text = File.OpenText(Path.Combine(Helm.Chart, "values.yaml")))
            stream.Load(text);
        var missing = new List<string>();
        Compare((YamlMappingNode)stream.Documents[0].RootNode, schema.RootElement, "");
        missing.ShouldBeEmpty();

        void Compare(YamlMappingNode values, JsonElement rule, string path)
        {
            if (rule.TryGetProperty("$ref", out var to))
                rule = schema.RootElement.GetProperty("$defs").GetProperty(to.GetString()!.Split('/')[^1]);
            if (!rule.TryGetProperty("properties", out var known))
                return;
            rule.GetProperty("additionalProperties").ValueKind.ShouldBe(JsonValueKind.False, path);
            foreach (var (key, value) in values.Children)
            {
                var name = ((YamlScalarNode)key).Value!;
                if (!known.TryGetProperty(name, out var inner))
                    missing.Add($"{path}.{name}");
                else if (value is YamlMappingNode map)
                    Compare(map, inner, $"{path}.{name}");
            }
        }
    }

    private static bool IsInsideOfCommented(string[] lines, int at)
    {
        var depth = Depth(lines[at]);
        for (var i = at - 1; i >= 0 && depth > 0; i--)
        {
            if (lines[i].TrimStart().StartsWith('#') || lines[i].Trim().Length == 0 || Depth(lines[i]) >= depth)
                continue;
            depth = Depth(lines[i]);
            if (i > 0 && lines[i - 1].TrimStart().StartsWith("# -- ", StringComparison.Ordinal))
                return true;
        }
        return false;
    }

    private static int Depth(string line) => line.Length - line.TrimStart().Length;

    [GeneratedRegex(@"^\s*[A-Za-z][A-Za-z0-9./_-]*: ?\S.*$")]
    private static partial Regex Leaf();
}
