using static TorchSharp.torch;

namespace FlexEdit.Models.Llama;

/// <summary>When generated answers end, and how they are computed.</summary>
public abstract record AnswerLimits
{
    /// <summary>Most tokens that an answer may have; at least 1.</summary>
    public required int MaxNewTokens { get; init; }

    /// <summary>Tokens that end an answer; they are part of it.</summary>
    public IReadOnlyCollection<long> StopIds { get; init; } = [];

    /// <summary>Rows of tokens that end an answer when it ends with one of them; they are part of it.</summary>
    public IReadOnlyCollection<IReadOnlyList<long>> StopSequences { get; init; } = [];

    /// <summary>False reads everything anew at every token: slow, and only there to be compared with.</summary>
    public bool UseCache { get; init; } = true;

    /// <summary>Whether an answer is complete.</summary>
    internal bool Ends(List<long> answer) =>
        StopIds.Contains(answer[^1]) || StopSequences.Any(row => row.Count > 0 && row.Count <= answer.Count && row.SequenceEqual(answer.Skip(answer.Count - row.Count)));
}

/// <summary>Limits of <see cref="GreedyDecoder"/>.</summary>
public sealed record GreedyOptions : AnswerLimits;

/// <summary>Limits of <see cref="SampledDecoder"/>, and what is drawn from. Applied in the order in which they stand here, as the published code does.</summary>
public sealed record SamplingOptions : AnswerLimits
{
    /// <summary>Scores are divided by this: below 1 the likely becomes likelier. More than 0.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>Only so many of the likeliest tokens are drawn from, and those that are as likely as the last of them; 0 for all.</summary>
    public int TopK { get; init; }

    /// <summary>Only the likeliest tokens that together have at least this probability are drawn from (Holtzman et al. 2020, section 3.1); 1 for all. More than 0.</summary>
    public double TopP { get; init; } = 1;

    /// <summary>Seed of the draws: the same prompts, options and seed give the same answers.</summary>
    public long Seed { get; init; }
}

/// <summary>What was generated.</summary>
/// <param name="Ids">One answer for each sequence of the batch.</param>
/// <param name="States">[batch, longest answer, width]: the hidden states from which the tokens were chosen, so row i + 1 is the state of token i itself.</param>
public sealed record GeneratedAnswer(IReadOnlyList<IReadOnlyList<long>> Ids, Tensor States);
