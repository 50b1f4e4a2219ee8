using System.Text.Json;
using FlexEdit.Models.Checkpoints;
using static TorchSharp.torch;

namespace FlexEdit.Models.Methods.Parts;

/// <summary>Compares networks with their files by names and shapes, without reading a weight or needing memory for one, and collects everything that is wrong.</summary>
public sealed class PartVerifier : IPartReader
{
    private readonly List<PartReport> _parts = [];

    /// <summary>What was found so far, in the order of reading.</summary>
    public IReadOnlyList<PartReport> Parts => _parts;

    /// <inheritdoc/>
    public T Read<T>(PartPlace place, ScalarType type, Func<Device, T> build, Func<T, WeightsSource> weights)
        where T : nn.Module
    {
        T network;
        try
        {
            network = build(META);
        }
        catch (Exception problem) when (problem is CheckpointException or NotSupportedException or JsonException or IOException or ArgumentException)
        {
            throw new CheckpointException($"{place.Name}: {problem.Message}", problem);
        }
        using var scope = NewDisposeScope();
        var tensors = network.state_dict().Values;
        var (count, elements) = (tensors.Count, tensors.Sum(t => t.NumberOfElements));
        List<string> problems = [];
        try
        {
            weights(network).Check(network);
        }
        catch (Exception problem) when (problem is CheckpointException or IOException or UnauthorizedAccessException)
        {
            problems.Add(problem.Message);
        }
        _parts.Add(new PartReport(place.Name, type, count, elements, problems));
        return network;
    }
}

/// <summary>A network of a model.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="Type">Type that it is kept in.</param>
/// <param name="Tensors">Number of tensors.</param>
/// <param name="Elements">Number of weights.</param>
/// <param name="Problems">What is wrong with it; empty for nothing.</param>
public sealed record PartReport(string Name, ScalarType Type, int Tensors, long Elements, IReadOnlyList<string> Problems)
{
    /// <summary>Bytes of its weights when it is loaded.</summary>
    public long Bytes => Elements * (Type is ScalarType.Float16 or ScalarType.BFloat16 ? 2 : 4);
}
