using FlexEdit.Models.Editing;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FlexEdit.Training.Editor;

/// <summary>
/// What the painting half is trained on before there is a language model: the canonical form of an edit (operation, name under the mask,
/// new name, colour), one normalised embedding each. The Q-Former later learns to give these same tokens
/// (as GILL and SmartEdit's first stage align theirs to the text encoder's).
/// </summary>
public sealed class EditTeacher : nn.Module
{
    /// <summary>Tokens of an edit.</summary>
    public const int Tokens = 4;

    private readonly Embedding operations, names, newNames, colours;
    private readonly int width;

    /// <summary>Builds random embeddings for a vocabulary; id 0 of names and colours means none.</summary>
    public EditTeacher(EditVocabulary vocabulary, int width)
        : base(nameof(EditTeacher))
    {
        this.width = width;
        operations = nn.Embedding(vocabulary.Operations.Count, width);
        names = nn.Embedding(vocabulary.Names.Count + 1, width);
        newNames = nn.Embedding(vocabulary.Names.Count + 1, width);
        colours = nn.Embedding(vocabulary.Colours.Count + 1, width);
        RegisterComponents();
    }

    /// <summary>e of edits given as ids [B, 4]: [B, 4, width], each token of zero mean and unit variance.</summary>
    public Tensor Forward(Tensor ids)
    {
        using var scope = NewDisposeScope();
        var rows = stack([operations.call(ids.select(1, 0)), names.call(ids.select(1, 1)), newNames.call(ids.select(1, 2)), colours.call(ids.select(1, 3))], 1);
        return nn.functional.layer_norm(rows, [width]).MoveToOuterDisposeScope();
    }
}
