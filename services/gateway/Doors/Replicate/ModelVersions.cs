using System.Security.Cryptography;
using System.Text;
using FlexEdit.Contracts.Models;
using FlexEdit.Gateway.Models;
using FlexEdit.Platform.Predictions;

namespace FlexEdit.Gateway.Doors.Replicate;

/// <summary>A model as one of its versions.</summary>
/// <param name="Id">64 hexadecimal digits: SHA-256 over the model's id, the digests of its files and how it samples, so that another model is another version.</param>
/// <param name="Card">The model.</param>
internal sealed record ModelVersion(string Id, ModelCard Card);

/// <summary>The models of this server as Replicate names models: <c>flexedit/NAME</c> with a version.</summary>
internal sealed class ModelVersions(OfferedModels models)
{
    /// <summary>A model by its owner and name; null where there is none.</summary>
    public ModelVersion? Find(string owner, string name) => owner == PredictionMaker.Owner && models.Find(name) is { } card ? Of(card) : null;

    /// <summary>What a prediction names: a version, <c>owner/name</c>, <c>owner/name:version</c>, or the name alone; null where there is none.</summary>
    public ModelVersion? Find(string reference)
    {
        if (reference.Split(':') is [var named, var version])
            return Named(named) is { } found && found.Id == version ? found : null;
        return Named(reference) ?? models.All.Select(Of).FirstOrDefault(model => model.Id == reference);
    }

    private ModelVersion? Named(string name) => name.Split('/') switch
    {
        [var owner, var model] => Find(owner, model),
        [var model] => Find(PredictionMaker.Owner, model),
        _ => null,
    };

    private static ModelVersion Of(ModelCard card)
    {
        var text = new StringBuilder().Append(card.Id).Append('\n').Append(card.Sampler.Scheduler).Append(' ').Append(card.Sampler.PredictionType).Append('\n');
        foreach (var (file, digest) in card.Digests.OrderBy(file => file.Key, StringComparer.Ordinal))
            text.Append(digest).Append("  ").Append(file).Append('\n');
        return new ModelVersion(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()))), card);
    }
}
