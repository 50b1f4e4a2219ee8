using FlexEdit.Contracts.Edits;
using FlexEdit.Contracts.Models;

namespace FlexEdit.Contracts.Ledger;

/// <summary>What it takes to run edits again. Storage implements it; other processes reach it over internal HTTP.</summary>
public interface IEditRecipes
{
    /// <summary>The recipe of an edit; a problem (404, 410) where the tenant has no such edit or its data are removed.</summary>
    Task<EditRecipe> ReadAsync(string tenant, string editId, CancellationToken cancellationToken);
}

/// <summary>An edit as it went to the painting, corrections of an approval included.</summary>
public sealed record EditRecipe
{
    /// <summary>Its status.</summary>
    public required string Status { get; init; }
    /// <summary>Model id.</summary>
    public required string Model { get; init; }
    /// <summary>What the model was; null where the edit has no results, or comes from a version that did not keep it.</summary>
    public required ModelRun? Run { get; init; }
    /// <summary>τ.</summary>
    public required string Instruction { get; init; }
    /// <summary>The options.</summary>
    public required EditOptions Options { get; init; }
    /// <summary>The pictures.</summary>
    public required EditInputs Inputs { get; init; }
}
