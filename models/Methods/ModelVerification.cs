using System.Text.Json;
using System.Text.Json.Nodes;
using FlexEdit.Models.Checkpoints;
using FlexEdit.Models.Methods.Parts;

namespace FlexEdit.Models.Methods;

/// <summary>What is missing or wrong in a model folder, and how much memory it will take; nothing is loaded.</summary>
/// <param name="Method">The card's method.</param>
/// <param name="Parts">Each network.</param>
/// <param name="Problems">Everything that is wrong, one sentence or list each, those of the parts included; empty for a sound folder.</param>
public sealed record ModelVerification(string Method, IReadOnlyList<PartReport> Parts, IReadOnlyList<string> Problems)
{
    private static readonly string[] Described = [".safetensors", ".json", ".txt", ".model", ".onnx"];

    /// <summary>Bytes of all weights when they are loaded. What a picture takes while it is painted comes on top.</summary>
    public long Bytes => Parts.Sum(p => p.Bytes);

    /// <summary>Verifies a folder: every digest, every name and every shape.</summary>
    /// <exception cref="CheckpointException">There is no card that can be read.</exception>
    public static ModelVerification Of(string path)
    {
        // Digests are compared here, once, and all of them.
        var folder = MethodFolder.Open(path, trustsFiles: true);
        var problems = new List<string>();
        foreach (var (name, wanted) in folder.Digests.OrderBy(d => d.Key, StringComparer.Ordinal))
            if (DigestProblem(folder, name, wanted) is { } problem)
                problems.Add(problem);
        foreach (var name in FilesOf(folder).Where(n => !folder.Digests.ContainsKey(n)))
            problems.Add($"The card gives no digest of '{name}'.");
        var verifier = new PartVerifier();
        problems.AddRange(EditMethods.ReadAll(folder, verifier));
        problems.AddRange(verifier.Parts.SelectMany(p => p.Problems));
        return new ModelVerification(folder.Method, verifier.Parts, problems);
    }

    /// <summary>Writes the digests of all files into the card, which is for whoever put the files there and trusts them.</summary>
    /// <returns>Number of files.</returns>
    /// <exception cref="CheckpointException">There is no card that can be read.</exception>
    public static int Record(string path)
    {
        var folder = MethodFolder.Open(path, trustsFiles: true);
        var file = Path.Combine(path, MethodFolder.CardFile);
        var card = JsonNode.Parse(File.ReadAllBytes(file))!.AsObject();
        var names = FilesOf(folder).ToList();
        card["digests"] = new JsonObject(names.Select(n => KeyValuePair.Create(n, (JsonNode?)Digest.Of(folder.At(n)))));
        var temporary = file + ".partial";
        File.WriteAllText(temporary, card.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n");
        File.Move(temporary, file, overwrite: true);
        return names.Count;
    }

    private static string? DigestProblem(MethodFolder folder, string name, string wanted)
    {
        try
        {
            var path = folder.At(name);
            if (!File.Exists(path))
                return $"'{name}' is missing.";
            var found = Digest.Of(path);
            return string.Equals(found, wanted, StringComparison.OrdinalIgnoreCase) ? null : $"'{name}' is not the file that the card names: its SHA-256 is {found}, the card says {wanted}.";
        }
        catch (Exception problem) when (problem is CheckpointException or IOException or UnauthorizedAccessException)
        {
            return problem.Message;
        }
    }

    private static IEnumerable<string> FilesOf(MethodFolder folder) =>
        Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories)
            .Where(f => Described.Contains(Path.GetExtension(f), StringComparer.OrdinalIgnoreCase))
            .Select(f => Path.GetRelativePath(folder.Path, f).Replace(Path.DirectorySeparatorChar, '/'))
            .Where(n => n != MethodFolder.CardFile)
            .Order(StringComparer.Ordinal);
}
