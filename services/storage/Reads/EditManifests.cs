using FlexEdit.Contracts.Edits;
using FlexEdit.Contracts.Ledger;
using FlexEdit.Contracts.Models;
using FlexEdit.Platform.Objects;
using FlexEdit.Storage.Edits;
using FlexEdit.Storage.Ledger;
using static FlexEdit.Storage.Ledger.LedgerJson;

namespace FlexEdit.Storage.Reads;

/// <summary>What it takes to run an edit again: for clients as a manifest, for a gateway that runs it again as a recipe.</summary>
internal sealed class EditManifests(EditReader reader) : IEditRecipes
{
    /// <inheritdoc/>
    public async Task<EditRecipe> ReadAsync(string tenant, string editId, CancellationToken cancellationToken)
    {
        var edit = await reader.GetAsync(tenant, editId, cancellationToken);
        return new EditRecipe
        {
            Status = edit.Status,
            Model = edit.Model,
            Run = RunOf(edit),
            Instruction = edit.Instruction,
            Options = Read<EditOptions>(edit.OptionsJson),
            Inputs = Read<EditInputs>(edit.InputsJson),
        };
    }

    /// <summary>The manifest of an edit.</summary>
    public static ManifestView Of(EditRow edit)
    {
        var (run, inputs) = (RunOf(edit), Read<EditInputs>(edit.InputsJson));
        return new ManifestView
        {
            Edit = edit.Id,
            Status = edit.Status,
            Model = new ManifestModelView(edit.Model, run?.Digests, run?.Sampler),
            Instruction = edit.Instruction,
            Label = edit.ApprovalJson is null ? null : Read<Approval>(edit.ApprovalJson).Label,
            Options = Read<EditOptions>(edit.OptionsJson),
            Inputs = new ManifestInputsView(Input(inputs.Scene), Input(inputs.Mask), inputs.Subject is null ? null : Input(inputs.Subject)),
            Outputs = edit.OutputsJson is null ? [] : [.. Read<List<EditOutput>>(edit.OutputsJson).Select(Output)],
            CreatedAt = UtcTime.Of(edit.CreatedAt),
            CompletedAt = UtcTime.Of(edit.CompletedAt),
        };
    }

    private static ModelRun? RunOf(EditRow edit) => edit.ModelJson is null ? null : Read<ModelRun>(edit.ModelJson);

    private static ManifestInputView Input(InputPicture picture) => new(picture.Sha256, ObjectKeys.DigestOf(picture.UprightKey), picture.Width, picture.Height);

    private static ManifestOutputView Output(EditOutput output) => new(output.Index, output.Seed, output.ContentType, output.Sha256, output.PictureSha256 ?? output.Sha256, output.Preservation.Region);
}
