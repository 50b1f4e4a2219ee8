using FlexEdit.Masks;

namespace FlexEdit.Training.World;

/// <summary>How the world's people ask for edits.</summary>
public static class EditSentences
{
    private static readonly Dictionary<EditOperation, string[]> Templates = new()
    {
        [EditOperation.AddSubject] =
        [
            "Add the {new} in [pic2] to [pic1] where the mask is.", "Put the {new} of [pic2] into the marked place.", "Place the {new} from [pic2] here.",
            "Using the white mask as the position, add the {new} in [pic2] to [pic1].", "Insert the subject of [pic2] at the mask.", "Add the object from [pic2] here.",
        ],
        [EditOperation.AddNamed] =
        [
            "Add {a new} where the mask is.", "Put {a new} here.", "Place {a new} in the marked place.", "I want {a new} at the mask.", "Draw {a new} here.",
        ],
        [EditOperation.Remove] =
        [
            "Remove the object that the mask marks.", "Remove the {old}.", "Erase it.", "Take the {old} away.", "Delete what is marked.", "Remove this.",
        ],
        [EditOperation.ReplaceSubject] =
        [
            "Replace the {old} with the {new} in [pic2].", "Replace it with the subject of [pic2].", "Swap the marked object for the {new} of [pic2].", "Change this into the {new} from [pic2].",
        ],
        [EditOperation.ReplaceNamed] =
        [
            "Replace the {old} with {a new}.", "Replace it with {a new}.", "Turn the marked object into {a new}.", "Change this into {a new}.", "Swap the {old} for {a new}.",
        ],
        [EditOperation.Recolour] =
        [
            "Make it {colour}.", "Make the {old} {colour}.", "Change the colour of the {old} to {colour}.", "Recolour the marked object {colour}.", "I want this in {colour}.",
        ],
        [EditOperation.Paint] =
        [
            "Can you tell me what the masks mean in [pic1]? Apply {colour} to the entire object.", "What are the masks in [pic1] representing? Please apply {colour} to the entire object.",
            "Paint the whole object {colour}.", "Fill the entire {old} with {colour}.",
        ],
    };

    /// <summary>The operation's name in the vocabulary.</summary>
    public static string NameOf(EditOperation operation) => operation switch
    {
        EditOperation.AddSubject => "add_subject",
        EditOperation.AddNamed => "add_named",
        EditOperation.Remove => "remove",
        EditOperation.ReplaceSubject => "replace_subject",
        EditOperation.ReplaceNamed => "replace_named",
        EditOperation.Recolour => "recolour",
        _ => "paint",
    };

    /// <summary>Every sentence form, for the vocabulary of words.</summary>
    public static IEnumerable<string> All => Templates.Values.SelectMany(t => t);

    /// <summary>An instruction. A name that is null is spoken of as the object.</summary>
    public static string Instruction(EditOperation operation, string? oldName, string? newName, string? colour, SeededRandom random)
    {
        var noun = newName ?? "object";
        return random.Pick(Templates[operation])
            .Replace("{a new}", (noun[0] is 'a' or 'e' or 'i' or 'o' or 'u' ? "an " : "a ") + noun, StringComparison.Ordinal)
            .Replace("{new}", noun, StringComparison.Ordinal)
            .Replace("{old}", oldName ?? "object", StringComparison.Ordinal)
            .Replace("{colour}", colour ?? "", StringComparison.Ordinal);
    }

    /// <summary>The answer before the image tokens (paper, figure 4).</summary>
    public static string Answer(string label) => $"The masks mean \"{label}\". The visual you requested is";
}
