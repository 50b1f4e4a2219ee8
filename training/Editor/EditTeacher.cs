using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using FlexEdit.Masks;
using FlexEdit.Models.Autoencoders;
using FlexEdit.Models.Editing;
using FlexEdit.Training.World;
using static TorchSharp.torch;

namespace FlexEdit.Training.Editor;

/// <summary>
/// What the painting half is trained on before there is a language model, and what the Q-Former learns to give (as GILL and SmartEdit's first stage align theirs to
/// the text encoder's): the canonical form of an edit (operation, name under the mask, new name, colour) in one token each, and the look of the new name's thing
/// in sixteen (<see cref="EditLook"/>). The first are directions drawn by the word; the look is the autoencoder's code of the thing's picture, so that a network learns once to read it and not every thing by itself. Nothing here is trained: both halves can be, at the same time or years apart.
/// </summary>
public sealed class EditTeacher : IDisposable
{
    /// <summary>Parts of the canonical form: operation, old name, new name, colour.</summary>
    public const int Parts = 4;

    /// <summary>Tokens of an edit: one of each part, then the look of the new name's thing.</summary>
    public const int Tokens = Parts + EditLook.Tokens;

    private readonly Tensor[] parts;
    private readonly Tensor looks;

    /// <summary>Makes the tokens of a world's vocabulary. Those of a word never depend on other words.</summary>
    /// <param name="catalog">The world.</param>
    /// <param name="autoencoder">Gives the codes of the things' pictures.</param>
    /// <param name="width">Width of a token.</param>
    public EditTeacher(WorldCatalog catalog, PatchAutoencoder autoencoder, int width)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var vocabulary = catalog.Vocabulary;
        string[] names = ["", .. vocabulary.Names];
        parts =
        [
            Words("operation", vocabulary.Operations, width), Words("old", names, width), Words("new", names, width), Words("colour", ["", .. vocabulary.Colours], width),
        ];
        var things = catalog.Objects.Where(o => o is { Known: true, HeldOut: false }).ToDictionary(o => o.Name, StringComparer.Ordinal);
        looks = stack([.. names.Select(name => Look(things.GetValueOrDefault(name), autoencoder, width))]);
        foreach (var table in (Tensor[])[.. parts, looks])
            table.DetachFromDisposeScope();
    }

    /// <summary>e of edits given as ids [B, <see cref="Parts"/>]: [B, <see cref="Tokens"/>, width], each token of zero mean and unit variance.</summary>
    public Tensor Forward(Tensor ids)
    {
        using var scope = NewDisposeScope();
        var words = stack([.. parts.Select((table, part) => table.index_select(0, ids.select(1, part)))], 1);
        return cat([words, looks.index_select(0, ids.select(1, 2))], 1).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var table in (Tensor[])[.. parts, looks])
            table.Dispose();
    }

    private static Tensor Words(string part, IEnumerable<string> words, int width) =>
        nn.functional.layer_norm(stack([.. words.Select(word => Direction($"{part} {word}", width))]), [width]);

    private static Tensor Direction(string word, int width)
    {
        var chance = new SeededRandom(BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(word))));
        return tensor(Enumerable.Range(0, width).Select(_ => (float)chance.NextNormal()).ToArray());
    }

    private static Tensor Look(WorldObject? thing, PatchAutoencoder autoencoder, int width)
    {
        var side = EditLook.Grid * EditLook.Cells * autoencoder.Factor;
        var canvas = new Canvas(side);
        canvas.Fill(128, 128, 128);
        var opacity = new byte[side * side];
        if (thing is not null)
            canvas.DrawObject(thing, side / 2.0, side / 2.0, side, mirror: false, opacity);
        var covered = nn.functional.avg_pool2d(CropTensors.FromGray([opacity], side), autoencoder.Factor);
        return EditLook.Write(autoencoder.Encode(CropTensors.FromRgb([canvas.Rgb], side)), covered, width)[0];
    }
}
