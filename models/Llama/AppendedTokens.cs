using static TorchSharp.torch;

namespace FlexEdit.Models.Llama;

/// <summary>
/// Hidden states of tokens that are known beforehand. The N image tokens of an answer always come in the same order, so their states
/// (the Q-Former's input, eq. 1 of the FlexEdit paper) need one pass instead of N steps of generation.
/// </summary>
public static class AppendedTokens
{
    /// <summary>
    /// Reads a prompt with fixed tokens behind it in one forward pass and gives the last layer's states of those tokens, after the final norm:
    /// what generating them one by one with a cache would collect when each of them is fed back.
    /// </summary>
    /// <param name="model">The language model.</param>
    /// <param name="prompt">Embeddings of the prompt with its pictures, [batch, length, width]; null when the cache holds all of it.</param>
    /// <param name="appended">Ids of the fixed tokens, the same for the whole batch.</param>
    /// <param name="positions">Which of them are wanted, counted from the first; null for all.</param>
    /// <param name="attentionMask">[batch, tokens in the cache + length + appended], 0 at paddings; null without paddings.</param>
    /// <param name="cache">Tokens read before; gets the new ones. Without it gradients flow.</param>
    /// <returns>[batch, positions, width].</returns>
    /// <exception cref="ArgumentException">Nothing is appended, or the mask has another length.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A position lies outside of the appended tokens.</exception>
    public static Tensor States(
        LlamaForCausalLM model, Tensor? prompt, IReadOnlyList<long> appended, IReadOnlyList<int>? positions = null,
        Tensor? attentionMask = null, KeyValueCache? cache = null)
    {
        if (appended.Count == 0)
            throw new ArgumentException("No token is appended.", nameof(appended));
        foreach (var position in positions ?? [])
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)position, (uint)appended.Count, nameof(positions));

        using var scope = NewDisposeScope();
        var embedded = model.Embed(tensor(appended.ToArray(), device: model.Device).unsqueeze(0));
        if (prompt is not null)
            embedded = cat([prompt, embedded.expand(prompt.shape[0], -1, -1)], 1);
        else if (attentionMask is not null)
            embedded = embedded.expand(attentionMask.shape[0], -1, -1);
        var states = model.Forward(embedded, attentionMask, cache);
        var own = states.narrow(1, states.shape[1] - appended.Count, appended.Count);
        var wanted = positions is null ? own : own.index_select(1, tensor(positions.Select(p => (long)p).ToArray(), device: states.device));
        return wanted.MoveToOuterDisposeScope();
    }
}
