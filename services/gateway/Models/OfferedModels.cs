using FlexEdit.Contracts.Errors;
using FlexEdit.Contracts.Models;
using FlexEdit.Platform.Hosting;
using FlexEdit.Platform.Models;
using FlexEdit.Platform.Problems;

namespace FlexEdit.Gateway.Models;

/// <summary>The models of this machine as a client meets them: a server without any answers, too.</summary>
internal sealed class OfferedModels(ModelCatalog catalog)
{
    /// <summary>All cards, by id.</summary>
    public IReadOnlyList<ModelCard> All => [.. Ids.Select(catalog.CardOf)];

    /// <summary>A model's card; null where there is none.</summary>
    public ModelCard? Find(string id) => Ids.Contains(id) ? catalog.CardOf(id) : null;

    /// <summary>The card of the model that an edit names, or of the default one where it names none.</summary>
    /// <exception cref="ProblemException">422: there is no such model.</exception>
    public ModelCard Choose(string? id) => Find(id ?? catalog.Default) ?? throw new ProblemException(Problem.Unprocessable(
        ErrorCodes.UnknownModel,
        Ids is { Count: > 0 } offered ? $"There is no such model; there are {string.Join(", ", offered)}." : "This server has no model.",
        "model"));

    private IReadOnlyList<string> Ids
    {
        get
        {
            try
            {
                return catalog.Ids;
            }
            catch (StartupException)
            {
                return []; // There is no folder of models at all; the workers say so at their start.
            }
        }
    }
}
