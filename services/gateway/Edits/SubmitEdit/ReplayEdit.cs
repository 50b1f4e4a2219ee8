using FlexEdit.Contracts;
using FlexEdit.Contracts.Edits;
using FlexEdit.Contracts.Errors;
using FlexEdit.Contracts.Ledger;
using FlexEdit.Contracts.Models;
using FlexEdit.Gateway.Models;
using FlexEdit.Platform.Problems;

namespace FlexEdit.Gateway.Edits.SubmitEdit;

/// <summary><c>{"replay_of": "edt_…"}</c>: an edit of which everything is taken from one that has succeeded.</summary>
internal sealed class ReplayEdit(IEditRecipes recipes, OfferedModels models)
{
    private static readonly HashSet<string> s_beside = [FieldNames.ReplayOf, FieldNames.Metadata, FieldNames.Webhook, FieldNames.WebhookEvents];

    /// <summary>What is asked for.</summary>
    /// <exception cref="ProblemException">
    /// 400: other fields stand beside it; 404, 410: there is no such edit any more; 409: it has no results, or this server's model is another one now.
    /// </exception>
    public async Task<AskedEdit> ReadAsync(EditFields fields, string of, string tenant, CancellationToken cancellationToken)
    {
        if (fields.Names.FirstOrDefault(name => !s_beside.Contains(name)) is { } other)
            throw new ProblemException(Problem.Malformed($"{other} cannot stand beside replay_of: a replay takes everything from the edit that it runs again.", other));
        if (!Ids.IsWellFormed(of, "edt_"))
            throw new ProblemException(Problem.NotFound("There is no such edit.") with { Param = FieldNames.ReplayOf });
        var recipe = await recipes.ReadAsync(tenant, of, cancellationToken);
        if (recipe.Status != EditStatus.Succeeded)
            throw Conflict(ErrorCodes.Conflict, $"The edit is {recipe.Status}; only one that has succeeded can be run again.");
        if (models.Find(recipe.Model) is not { } card || recipe.Run is null || !recipe.Run.IsSame(ModelRun.Of(card)))
        {
            throw Conflict(
                ErrorCodes.ModelChanged,
                $"{recipe.Model} is not the model any more that it was: other files, or another sampler. The edit's manifest has the digests of its files.");
        }

        return new AskedEdit(recipe.Model, recipe.Instruction, recipe.Options, recipe.Inputs, of);
    }

    private static ProblemException Conflict(string code, string detail) =>
        new(new Problem { Status = StatusCodes.Status409Conflict, Code = code, Detail = detail, Param = FieldNames.ReplayOf });
}

/// <summary>What a request asks for, checked, with its pictures stored.</summary>
/// <param name="Model">Id of the model.</param>
/// <param name="Instruction">τ.</param>
/// <param name="Options">All options.</param>
/// <param name="Inputs">The pictures.</param>
/// <param name="ReplayOf">The edit that is run again; null for a new one.</param>
internal sealed record AskedEdit(string Model, string Instruction, EditOptions Options, EditInputs Inputs, string? ReplayOf = null);
