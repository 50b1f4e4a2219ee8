using static TorchSharp.torch;

namespace FlexEdit.Models.Llama;

/// <summary>Generates token after token until every answer has ended, however the tokens are chosen.</summary>
internal static class AnswerLoop
{
    /// <summary>Continues a batch of prompts; see <see cref="GreedyDecoder.Decode"/>.</summary>
    /// <param name="model">The language model.</param>
    /// <param name="prompts">[batch, length, width].</param>
    /// <param name="limits">When to stop.</param>
    /// <param name="choose">From the scores [batch, 1, vocabulary] to the next tokens, int64 [batch, 1].</param>
    /// <param name="attentionMask">As in <see cref="GreedyDecoder.Decode"/>.</param>
    /// <param name="cache">As in <see cref="GreedyDecoder.Decode"/>.</param>
    public static GeneratedAnswer Run(
        LlamaForCausalLM model, Tensor prompts, AnswerLimits limits, Func<Tensor, Tensor> choose, Tensor? attentionMask, KeyValueCache? cache)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limits.MaxNewTokens, 1, nameof(limits));
        if (cache is not null && !limits.UseCache)
            throw new ArgumentException("A cache is given and UseCache is false.", nameof(cache));
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        using var own = limits.UseCache && cache is null ? new KeyValueCache() : null;
        cache ??= own;

        var answers = Enumerable.Range(0, (int)prompts.shape[0]).Select(_ => new List<long>()).ToArray();
        var finished = new bool[answers.Length];
        var states = new List<Tensor>();
        var last = LastOf(model.Forward(prompts, attentionMask, cache));
        while (true)
        {
            using var step = NewDisposeScope();
            states.Add(last);
            var next = choose(model.Logits(last));
            Record(next, answers, finished, limits);
            if (states.Count == limits.MaxNewTokens || Array.TrueForAll(finished, f => f))
                break;
            attentionMask = attentionMask is null ? null : cat([attentionMask, ones_like(attentionMask.narrow(1, 0, 1))], 1).MoveToOuterDisposeScope();
            var read = model.Embed(next);
            if (cache is null)
                read = prompts = cat([prompts, read], 1).MoveToOuterDisposeScope();
            last = LastOf(model.Forward(read, attentionMask, cache)).MoveToOuterDisposeScope();
        }
        return new GeneratedAnswer(answers, cat(states, 1).MoveToOuterDisposeScope());
    }

    private static Tensor LastOf(Tensor states) => states.narrow(1, states.shape[1] - 1, 1);

    private static void Record(Tensor next, List<long>[] answers, bool[] finished, AnswerLimits limits)
    {
        var ids = next.cpu().data<long>().ToArray();
        for (var row = 0; row < answers.Length; row++)
        {
            if (finished[row])
                continue;
            answers[row].Add(ids[row]);
            finished[row] = limits.Ends(answers[row]);
        }
    }
}
