using System.Buffers;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using FlexEdit.Contracts;
using FlexEdit.Contracts.Models;
using FlexEdit.Platform.Hosting;
using Microsoft.Extensions.Options;

namespace FlexEdit.Platform.Models;

/// <summary>The models on this machine, by their folders and cards. Loads no weights. Thread-safe.</summary>
public sealed class ModelCatalog(IOptions<ModelOptions> options)
{
    private const string CardFile = "card.json";
    private static readonly SearchValues<char> Letters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789._-");

    private readonly ConcurrentDictionary<string, ModelCard> _cards = new(StringComparer.Ordinal);
    private readonly Lazy<string> _root = new(() => options.Value.Folder ?? FindAbove(AppContext.BaseDirectory));

    /// <summary>Id of the model for edits that name none.</summary>
    public string Default => options.Value.Default;

    /// <summary>Ids of the models that have a card, in order.</summary>
    /// <exception cref="StartupException">There is no folder of models.</exception>
    public IReadOnlyList<string> Ids =>
        [.. Directory.EnumerateDirectories(_root.Value)
            .Where(folder => File.Exists(Path.Combine(folder, CardFile)))
            .Select(folder => Path.GetFileName(folder)!)
            .Where(IsWellFormed)
            .Order(StringComparer.Ordinal)];

    /// <summary>Whether <paramref name="id"/> can be a model's id: 1 to 64 characters <c>[a-z0-9._-]</c>, not beginning with a dot. Such an id cannot leave the folder.</summary>
    public static bool IsWellFormed(string id) => id.Length is > 0 and <= 64 && id[0] != '.' && !id.AsSpan().ContainsAnyExcept(Letters);

    /// <summary>Whether there is such a model.</summary>
    public bool Has(string id) => IsWellFormed(id) && File.Exists(Path.Combine(_root.Value, id, CardFile));

    /// <summary>The model's folder.</summary>
    /// <exception cref="StartupException">There is no such model; the message says where it was looked for.</exception>
    public string FolderOf(string id) => Has(id)
        ? Path.Combine(_root.Value, id)
        : throw new StartupException($"There is no model '{id}' in {_root.Value}; put its folder with {CardFile} there, or set FLEXEDIT__Models__Folder or FLEXEDIT__Models__Default.");

    /// <summary>The model's card.</summary>
    /// <exception cref="StartupException">There is no such model, or its card cannot be read.</exception>
    public ModelCard CardOf(string id) => _cards.GetOrAdd(id, Read);

    private ModelCard Read(string id)
    {
        var path = Path.Combine(FolderOf(id), CardFile);
        try
        {
            var bytes = File.ReadAllBytes(path);
            if (options.Value.CardDigests.TryGetValue(id, out var digest) && !Convert.ToHexString(SHA256.HashData(bytes)).Equals(digest, StringComparison.OrdinalIgnoreCase))
                throw new StartupException($"The model card {path} has another SHA-256 than FLEXEDIT__Models__CardDigests__{id} says; put the right files there, or correct the setting.");
            return JsonSerializer.Deserialize<ModelCard>(bytes.AsSpan(), ContractJson.Options)
                ?? throw new StartupException($"The model card {path} is empty.");
        }
        catch (Exception problem) when (problem is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"The model card {path} cannot be read: {problem.Message}", problem);
        }
    }

    private static string FindAbove(string folder)
    {
        for (var above = new DirectoryInfo(folder); above is not null; above = above.Parent)
        {
            var candidate = Path.Combine(above.FullName, "models", "weights");
            if (Directory.Exists(candidate))
                return candidate;
        }
        throw new StartupException($"No folder models/weights was found at or above {folder}; set FLEXEDIT__Models__Folder to the folder that holds the models' folders.");
    }
}
