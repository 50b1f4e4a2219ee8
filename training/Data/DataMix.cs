using System.Collections.Concurrent;
using FlexEdit.Masks;

namespace FlexEdit.Training.Data;

/// <summary>
/// Data sets mixed by weight. Number <i>n</i> of a mix is the same example with the same mask in every run of a seed, however the run was cut into parts
/// or dealt to processes: a block of <see cref="BlockSize"/> numbers has each data set as often as its weight says, shuffled, and each data set goes through all of its
/// examples, shuffled anew every time, before one comes again. So a run is taken up at any number without a state to keep.
/// </summary>
public sealed class DataMix
{
    /// <summary>Numbers in which the shares of the weights are exact.</summary>
    public const int BlockSize = 1000;

    private const int ToleratedAtFirst = 20;
    private readonly ILearningSource[] _sources;
    private readonly int[] _perBlock;
    private readonly ulong _seed;
    private readonly ConcurrentDictionary<long, (int Source, int Rank)[]> _blocks = new();
    private readonly ConcurrentDictionary<(int Source, long Epoch), int[]> _orders = new();
    private long _made, _damaged;

    /// <summary>Mixes.</summary>
    /// <param name="parts">Data sets and how often each comes, relative to the others.</param>
    /// <param name="seed">Of all chance.</param>
    /// <exception cref="ArgumentException">There is none, one is empty, or a weight is not positive.</exception>
    public DataMix(IReadOnlyList<(ILearningSource Source, double Weight)> parts, ulong seed)
    {
        if (parts.Count == 0)
            throw new ArgumentException("A mix needs at least one data set.", nameof(parts));
        foreach (var (source, weight) in parts)
        {
            if (source.Count == 0 || !(weight > 0) || !double.IsFinite(weight))
                throw new ArgumentException($"The data set '{source.Name}' has {source.Count} examples and the weight {weight}; both must be more than 0.", nameof(parts));
        }
        _sources = [.. parts.Select(p => p.Source)];
        _seed = seed;
        _perBlock = Shares([.. parts.Select(p => p.Weight)]);
    }

    /// <summary>Each data set with the number of its examples in a block.</summary>
    public IEnumerable<(ILearningSource Source, int PerBlock)> Parts => _sources.Zip(_perBlock);

    /// <summary>Damaged examples that were left out.</summary>
    public long Damaged => Interlocked.Read(ref _damaged);

    /// <summary>Where a number's example stands: its data set, and its index there.</summary>
    public (ILearningSource Source, int Index) Locate(long number)
    {
        var (source, occurrence) = Occurrence(number);
        var count = _sources[source].Count;
        var order = _orders.GetOrAdd((source, occurrence / count), key => Shuffled(count, new SeededRandom(_seed ^ 0xE0, (ulong)((key.Epoch * 64) + key.Source))));
        if (_orders.Count > 4 * _sources.Length)
            _orders.TryRemove((source, (occurrence / count) - 2), out _);
        return (_sources[source], order[occurrence % count]);
    }

    /// <summary>Makes the example of a number; thread-safe. A damaged one is replaced by another one of its data set.</summary>
    /// <exception cref="FormatException">More than one in a hundred is damaged: something else is wrong.</exception>
    public LearningExample Make(long number)
    {
        Interlocked.Increment(ref _made);
        var (source, index) = Locate(number);
        var random = new SeededRandom(_seed, (ulong)number);
        while (true)
        {
            try
            {
                return source.Make(index, random);
            }
            catch (FormatException problem)
            {
                if (Interlocked.Increment(ref _damaged) > ToleratedAtFirst + (Interlocked.Read(ref _made) / 100))
                    throw new FormatException($"Too many examples are damaged ({Damaged} of {_made}), the last of '{source.Name}': {problem.Message}", problem);
                index = random.Next(source.Count);
            }
        }
    }

    /// <summary>The numbers of one of several processes that share a run.</summary>
    /// <param name="number">The process's own number, from 0.</param>
    /// <param name="shard">Which process.</param>
    /// <param name="shards">Of how many.</param>
    public static long Sharded(long number, int shard, int shards)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(shard);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(shard, shards);
        return (number * shards) + shard;
    }

    private (int Source, long Occurrence) Occurrence(long number)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        var block = number / BlockSize;
        var slots = _blocks.GetOrAdd(block, MakeBlock);
        if (_blocks.Count > 16)
        {
            foreach (var old in _blocks.Keys.Where(k => k < block - 8 || k > block + 8))
                _blocks.TryRemove(old, out _);
        }
        var (source, rank) = slots[number % BlockSize];
        return (source, (block * _perBlock[source]) + rank);
    }

    private (int Source, int Rank)[] MakeBlock(long block)
    {
        var order = Shuffled(BlockSize, new SeededRandom(_seed ^ 0xB1, (ulong)block));
        var sources = new int[BlockSize];
        var at = 0;
        for (var source = 0; source < _perBlock.Length; source++)
        {
            for (var i = 0; i < _perBlock[source]; i++)
                sources[order[at++]] = source;
        }
        var seen = new int[_perBlock.Length];
        return [.. sources.Select(source => (source, seen[source]++))];
    }

    // Largest remainders; each data set has at least one place.
    private static int[] Shares(double[] weights)
    {
        var total = weights.Sum();
        var exact = weights.Select(w => w / total * BlockSize).ToArray();
        var shares = exact.Select(e => Math.Max(1, (int)e)).ToArray();
        while (shares.Sum() != BlockSize)
        {
            var step = shares.Sum() < BlockSize ? 1 : -1;
            var best = Enumerable.Range(0, shares.Length).Where(i => step > 0 || shares[i] > 1).MaxBy(i => step * (exact[i] - shares[i]));
            shares[best] += step;
        }
        return shares;
    }

    private static int[] Shuffled(int count, SeededRandom random)
    {
        var order = Enumerable.Range(0, count).ToArray();
        for (var i = count - 1; i > 0; i--)
        {
            var j = random.Next(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }
        return order;
    }
}
