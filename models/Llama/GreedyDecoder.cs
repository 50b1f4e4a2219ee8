using static TorchSharp.torch;

namespace FlexEdit.Models.Llama;

/// <summary>When to stop, and how to compute.</summary>
public sealed record GreedyOptions
{
    /// <summary>Most tokens that an answer may have; at least 1.</summary>
    public required int MaxNewTokens { get; init; }
    /// <summary>Tokens that end an answer; they are part of it.</summary>
    public IReadOnlyCollection<long> StopIds { get; init; } = [];
    /// <summary>False reads everything anew at every token: slow, and only there to be compared with.</summary>
    public bool UseCache { get; init; } = true;
}

/// <summary>What was generated.</summary>
/// <param name="Ids">One answer for each sequence of the batch.</param>
/// <param name="States">[batch, longest answer, width]: the hidden states from which the tokens were chosen, so row i + 1 is the state of token i itself.</param>
public sealed record GreedyAnswer(IReadOnlyList<IReadOnlyList<long>> Ids, Tensor States);

/// <summary>Generates the most probable next token, again and again.</summary>
public static class GreedyDecoder
{
    /// <summary>Continues a batch of prompts.</summary>
    /// <param name="model">The language model.</param>
    /// <param name="prompts">Embeddings, [batch, length, width]; shorter prompts are padded on the left.</param>
    /// <param name="options">Limits.</param>
    /// <param name="attentionMask">[batch, tokens in the cache + length], 0 at paddings; null without paddings.</param>
    /// <param name="cache">Where to keep what was read, so that the caller can go on; it then holds everything except the last token of the answer. Null for one of its own.</param>
    /// <exception cref="ArgumentOutOfRangeException">No token may be generated.</exception>
    /// <exception cref="ArgumentException">A cache is given although the options forbid it, or the mask has another length.</exception>
    public static GreedyAnswer Decode(
        LlamaForCausalLM model, Tensor prompts, GreedyOptions options, Tensor? attentionMask = null, KeyValueCache? cache = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxNewTokens, 1, nameof(options));
        if (cache is not null && !options.UseCache)
            throw new ArgumentException("A cache is given and UseCache is false.", nameof(cache));
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        using var own = options.UseCache && cache is null ? new KeyValueCache() : null;
        cache ??= own;

        var answers = Enumerable.Range(0, (int)prompts.shape[0]).Select(_ => new List<long>()).ToArray();
        var finished = new bool[answers.Length];
        var states = new List<Tensor>();
        var last = LastOf(model.Forward(prompts, attentionMask, cache));
        while (true)
        {
            using var step = NewDisposeScope();
            states.Add(last);
            var next = model.Logits(last).argmax(-1);
            Record(next, answers, finished, options.StopIds);
            if (states.Count == options.MaxNewTokens || Array.TrueForAll(finished, f => f))
                break;
            attentionMask = attentionMask is null ? null : cat([attentionMask, ones_like(attentionMask.narrow(1, 0, 1))], 1).MoveToOuterDisposeScope();
            var read = model.Embed(next);
            if (cache is null)
                read = prompts = cat([prompts, read], 1).MoveToOuterDisposeScope();
            last = LastOf(model.Forward(read, attentionMask, cache)).MoveToOuterDisposeScope();
        }
        return new GreedyAnswer(answers, cat(states, 1).MoveToOuterDisposeScope());
    }

    private static Tensor LastOf(Tensor states) => states.narrow(1, states.shape[1] - 1, 1);

    private static void Record(Tensor next, List<long>[] answers, bool[] finished, IReadOnlyCollection<long> stopIds)
    {
        var ids = next.cpu().data<long>().ToArray();
        for (var row = 0; row < answers.Length; row++)
        {
            if (finished[row])
                continue;
            answers[row].Add(ids[row]);
            finished[row] = stopIds.Contains(ids[row]);
        }
    }
}
