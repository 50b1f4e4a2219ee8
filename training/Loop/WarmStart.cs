using FlexEdit.Models.Editing;
using FlexEdit.Models.Tokenizers;
using static TorchSharp.torch;

namespace FlexEdit.Training.Loop;

/// <summary>Training that goes on from a packed model, whose words, names and sizes may have been fewer.</summary>
internal static class WarmStart
{
    // One row a word.
    private static readonly string[] s_byWord = ["embed_tokens.weight", "lm_head.weight"];

    /// <summary>Copies a packed model's reading half: word by word, and of a tensor that has grown the part that there was. Returns the names of what is new, in whole or in part.</summary>
    public static IReadOnlyList<string> Reading(ModelFolder model, UnderstandingNetworks networks, WordVocabulary words)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var packed = model.LoadUnderstandingNetworks();
        var rows = Ids(WordVocabulary.Parse(File.ReadAllText(Path.Combine(model.Path, ModelFolder.Names.Tokenizer))));
        (long From, long To)[] both = [.. Ids(words).Where(w => rows.ContainsKey(w.Key)).Select(w => (rows[w.Key], w.Value))];
        return Copy(packed, networks, newIsZero: false, both);
    }

    /// <summary>
    /// Copies a packed model's painting half. Channels that it did not read count nothing at first. Returns the names of what is new, in whole or in part.
    /// </summary>
    public static IReadOnlyList<string> Painting(ModelFolder model, EditorNetworks networks)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var packed = model.LoadEditorNetworks();
        return Copy(packed, networks, newIsZero: true, []);
    }

    private static Dictionary<string, long> Ids(WordVocabulary words) =>
        words.Special.Concat(words.Tokens.Index().Select(t => KeyValuePair.Create(t.Item, (long)(words.Special.Count + t.Index)))).ToDictionary(StringComparer.Ordinal);

    private static List<string> Copy(nn.Module from, nn.Module to, bool newIsZero, (long From, long To)[] words)
    {
        var known = from.state_dict();
        List<string> lacking = [];
        foreach (var (name, target) in to.state_dict())
        {
            if (!known.TryGetValue(name, out var source) || source.dim() != target.dim())
            {
                lacking.Add(name);
            }
            else if (s_byWord.Any(end => name.EndsWith(end, StringComparison.Ordinal)))
            {
                target.index_copy_(0, tensor(words.Select(w => w.To).ToArray()), source.index_select(0, tensor(words.Select(w => w.From).ToArray())));
                if (words.Length < target.shape[0])
                    lacking.Add(name);
            }
            else if (source.shape.SequenceEqual(target.shape))
            {
                target.copy_(source);
            }
            else
            {
                if (newIsZero)
                    target.zero_();
                var (part, of) = (target, source);
                for (var axis = 0; axis < target.dim(); axis++)
                {
                    var least = Math.Min(target.shape[axis], source.shape[axis]);
                    (part, of) = (part.narrow(axis, 0, least), of.narrow(axis, 0, least));
                }
                part.copy_(of);
                lacking.Add(name);
            }
        }
        return lacking;
    }
}
