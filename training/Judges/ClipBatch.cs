using FlexEdit.Evaluation.Judges;
using FlexEdit.Masks;
using FlexEdit.Training.World;
using static TorchSharp.torch;

namespace FlexEdit.Training.Judges;

/// <summary>Pictures and texts to be told apart: the picture's own text, and texts with another colour, another name, or both other.</summary>
internal sealed class ClipBatch
{
    private readonly List<byte[]> pictures = [];
    private readonly List<string> texts = [];
    private readonly List<long> answers = [];
    private readonly Dictionary<string, int> numbers = new(StringComparer.Ordinal);

    public ClipBatch(JudgeViews views, IReadOnlyList<string> names, long first, int size)
    {
        for (var i = 0; i < size; i++)
        {
            var view = views.Render(first + i);
            pictures.Add(view.Rgb);
            answers.Add(Number(view.Caption));
        }
        var random = new SeededRandom(7, (ulong)first);
        for (var i = 0; i < size; i++)
        {
            var view = texts[(int)answers[i]];
            var colour = random.Pick(WorldColours.All).Name;
            var name = view == JudgeWords.Background ? random.Pick(names) : WorldColours.All.Aggregate(view, (text, c) => text.StartsWith(c.Name + " ", StringComparison.Ordinal) ? text[(c.Name.Length + 1)..] : text);
            Number($"{colour} {name}");
            Number(random.Pick(names));
            Number(random.Chance(0.5) ? name : $"{colour} {random.Pick(names)}");
        }
    }

    /// <summary>Pictures, [batch, 3, side, side].</summary>
    public Tensor Pixels(int side) => JudgePixels.Of(pictures, side);

    /// <summary>Which text is each picture's: [batch].</summary>
    public Tensor Answers() => tensor(answers.ToArray());

    /// <summary>All texts as word numbers, [texts, longest], 0 for none.</summary>
    public Tensor Texts(JudgeWords words) => Encode(texts, words);

    /// <summary>Texts as word numbers, [texts, longest], 0 for none.</summary>
    public static Tensor Encode(IReadOnlyList<string> texts, JudgeWords words)
    {
        var encoded = texts.Select(t => words.Encode(t) ?? throw new InvalidDataException($"'{t}' has words that are not in the vocabulary.")).ToArray();
        var ids = new long[encoded.Length, encoded.Max(e => e.Length)];
        foreach (var (row, text) in encoded.Index())
            for (var i = 0; i < text.Length; i++)
                ids[row, i] = text[i];
        return tensor(ids);
    }

    private int Number(string text)
    {
        if (numbers.TryGetValue(text, out var number))
            return number;
        texts.Add(text);
        return numbers[text] = texts.Count - 1;
    }
}
