using FlexEdit.Evaluation.Datasets;
using FlexEdit.Imaging;
using FlexEdit.Masks;

namespace FlexEdit.Training.Data.Sources;

/// <summary>MagicBrush: edits with masks that people made. The region to be edited is what the mask means; no object need stand there.</summary>
/// <param name="folder">The data set as distributed.</param>
public sealed class MagicBrushSource(string folder) : IExampleSource
{
    private readonly IReadOnlyList<MagicBrushTurn> _turns = MagicBrushTurns.Read(folder);

    /// <inheritdoc/>
    public string Name => "magicbrush";

    /// <inheritdoc/>
    public int Count => _turns.Count;

    /// <inheritdoc/>
    public DataExample Read(int index, SeededRandom random)
    {
        var turn = _turns[index];
        var scene = Pictures.Read(turn.PathOf(folder, turn.Input));
        var path = turn.PathOf(folder, turn.Mask);
        Mask region;
        try
        {
            region = MaskFolder.ReadMask(path).Resize(scene.Width, scene.Height);
        }
        catch (Exception problem) when (problem is PictureException or IOException)
        {
            throw new FormatException($"{path} cannot be read: {problem.Message}", problem);
        }
        return new DataExample
        {
            Id = turn.Output,
            Scene = scene,
            Target = PictureResize.To(Pictures.Read(turn.PathOf(folder, turn.Output)), scene.Width, scene.Height),
            Meant = region.IsEmpty ? throw new FormatException($"{path} has no transparent pixel.") : region,
            Instruction = turn.Instruction,
        };
    }
}

/// <summary>InstructPix2Pix: edits of whole pictures by instruction.</summary>
/// <param name="folder">The data set as distributed.</param>
/// <param name="split">Which part.</param>
public sealed class InstructPix2PixSource(string folder, string split = "train") : IExampleSource
{
    private readonly IReadOnlyList<InstructPix2PixPair> _pairs = InstructPix2PixPairs.Read(folder, split);

    /// <inheritdoc/>
    public string Name => "instructpix2pix";

    /// <inheritdoc/>
    public int Count => _pairs.Count;

    /// <inheritdoc/>
    public DataExample Read(int index, SeededRandom random)
    {
        var pair = _pairs[index];
        var scene = Pictures.Read(pair.Before);
        return new DataExample
        {
            Id = pair.Before,
            Scene = scene,
            Target = PictureResize.To(Pictures.Read(pair.After), scene.Width, scene.Height),
            Instruction = pair.Texts().Instruction,
        };
    }
}

/// <summary>LLaVA-Instruct-150K: questions about whole pictures, which keep the language model from forgetting how to talk. One question of a conversation at a time.</summary>
/// <param name="path"><c>llava_instruct_150k.json</c> or one of its parts.</param>
/// <param name="pictures">Folder of COCO's <c>train2017</c>.</param>
public sealed class LlavaSource(string path, string pictures) : IExampleSource
{
    private readonly IReadOnlyList<LlavaConversation> _conversations = LlavaConversations.Read(path);

    /// <inheritdoc/>
    public string Name => "llava";

    /// <inheritdoc/>
    public int Count => _conversations.Count;

    /// <inheritdoc/>
    public DataExample Read(int index, SeededRandom random)
    {
        var conversation = _conversations[index];
        var (question, answer) = random.Pick(conversation.Turns);
        return new DataExample
        {
            Id = conversation.Id,
            Scene = Pictures.Read(Path.Combine(pictures, conversation.Image)),
            Instruction = question,
            Answer = answer,
        };
    }
}
