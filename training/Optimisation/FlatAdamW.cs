using System.Globalization;
using FlexEdit.Models.Checkpoints;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace FlexEdit.Training.Optimisation;

/// <summary>
/// AdamW (Loshchilov and Hutter, 2019) with fp32 master weights beside a module that computes in bf16.
/// All parameters live in one flat vector, so that a step is a dozen large vector operations instead of thousands of small ones.
/// Keeps an exponential moving average of the masters, min(decay, (1 + n) / (10 + n)).
/// Vectors (biases, norms) and embeddings named in the constructor are not decayed.
/// </summary>
public sealed class FlatAdamW : IDisposable
{
    private readonly List<(string Name, Parameter Value, long Offset, long Count)> parameters = [];
    private readonly Tensor master, first, second, decayMask;
    private readonly double beta1, beta2, weightDecay, emaDecay, clip, epsilon;
    private readonly bool emaWarmUp;

    /// <summary>Takes over the trainable parameters of a module.</summary>
    /// <param name="named">Parameters by name.</param>
    /// <param name="beta1">Decay of the first moment.</param>
    /// <param name="beta2">Decay of the second moment.</param>
    /// <param name="weightDecay">Decoupled weight decay, times the learning rate, a step.</param>
    /// <param name="emaDecay">Largest decay of the moving average.</param>
    /// <param name="clip">Largest norm of the whole gradient.</param>
    /// <param name="epsilon">Added to the root of the second moment.</param>
    /// <param name="decayVectors">Whether biases and norms are decayed too.</param>
    /// <param name="emaWarmUp">Whether the moving average begins with smaller decays.</param>
    public FlatAdamW(
        IEnumerable<(string Name, Parameter Value)> named, double beta1 = 0.9, double beta2 = 0.95, double weightDecay = 0.01, double emaDecay = 0.999, double clip = 1.0,
        double epsilon = 1e-8, bool decayVectors = false, bool emaWarmUp = true)
    {
        (this.beta1, this.beta2, this.weightDecay, this.emaDecay, this.clip, this.epsilon, this.emaWarmUp) = (beta1, beta2, weightDecay, emaDecay, clip, epsilon, emaWarmUp);
        long offset = 0;
        foreach (var (name, value) in named)
        {
            if (!value.requires_grad)
                continue;
            parameters.Add((name, value, offset, value.numel()));
            offset += value.numel();
        }
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        master = cat([.. parameters.Select(p => p.Value.detach().reshape(-1).to(float32))]).MoveToOuterDisposeScope();
        first = zeros_like(master).MoveToOuterDisposeScope();
        second = zeros_like(master).MoveToOuterDisposeScope();
        Average = master.clone().MoveToOuterDisposeScope();
        decayMask = cat([.. parameters.Select(p => full([p.Count], decayVectors || p.Value.dim() >= 2 ? 1f : 0f))]).MoveToOuterDisposeScope();
        foreach (var tensor in (Tensor[])[master, first, second, Average, decayMask])
            tensor.DetachFromDisposeScope();
    }

    /// <summary>Steps taken.</summary>
    public long Steps { get; private set; }

    /// <summary>The averaged weights, one flat fp32 vector.</summary>
    public Tensor Average { get; }

    /// <summary>Number of trained weights.</summary>
    public long Count => master.numel();

    /// <summary>Applies the gradients that the parameters hold, and clears them.</summary>
    /// <returns>The norm of the gradient before clipping. Not finite: nothing was changed.</returns>
    public double Step(double learningRate)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var gradient = cat([.. parameters.Select(p => p.Value.grad is { } g ? g.reshape(-1).to(float32) : zeros(p.Count))]);
        foreach (var (_, value, _, _) in parameters)
            value.grad?.zero_();
        var norm = gradient.norm().item<float>();
        if (!float.IsFinite(norm))
            return norm;
        if (norm > clip)
            gradient.mul_((float)(clip / norm));
        Steps++;
        first.mul_((float)beta1).add_(gradient, (float)(1 - beta1));
        second.mul_((float)beta2).addcmul_(gradient, gradient, (float)(1 - beta2));
        var correction1 = 1 - Math.Pow(beta1, Steps);
        var correction2 = 1 - Math.Pow(beta2, Steps);
        var denominator = second.div((float)correction2).sqrt_().add_((float)epsilon);
        master.addcmul_(master, decayMask, (float)(-learningRate * weightDecay));
        master.addcdiv_(first, denominator, (float)(-learningRate / correction1));
        Average.lerp_(master, (float)(1 - (emaWarmUp ? Math.Min(emaDecay, (1.0 + Steps) / (10.0 + Steps)) : emaDecay)));
        WriteBack(master);
        return norm;
    }

    /// <summary>Forgets the gradients that the parameters hold without a step.</summary>
    /// <returns>No number, as a step's norm that is not finite.</returns>
    public double Skip()
    {
        foreach (var (_, value, _, _) in parameters)
            value.grad?.zero_();
        return double.NaN;
    }

    /// <summary>Puts the averaged weights into the module while <paramref name="action"/> runs.</summary>
    public void WithAverage(Action action)
    {
        WriteBack(Average);
        try
        {
            action();
        }
        finally
        {
            WriteBack(master);
        }
    }

    /// <summary>Minutes trained before the checkpoint that was loaded.</summary>
    public double Minutes { get; private set; }

    /// <summary>Writes everything that an exact resume needs.</summary>
    /// <param name="path">The file.</param>
    /// <param name="sample">The sample to go on with.</param>
    /// <param name="minutes">Trained so far.</param>
    public void Save(string path, long sample, double minutes = 0) => SafetensorsWriter.Write(
        path,
        new Dictionary<string, Tensor> { ["master"] = master, ["first"] = first, ["second"] = second, ["average"] = Average },
        metadata: new Dictionary<string, string> { ["steps"] = $"{Steps}", ["sample"] = $"{sample}", ["minutes"] = minutes.ToString(CultureInfo.InvariantCulture) });

    /// <summary>Continues from <see cref="Save"/>; returns the sample to go on with.</summary>
    /// <exception cref="InvalidDataException">The file belongs to a network of another size.</exception>
    public long Load(string path)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var file = SafetensorsFile.Open(path);
        foreach (var (name, target) in (ReadOnlySpan<(string, Tensor)>)[("master", master), ("first", first), ("second", second), ("average", Average)])
        {
            var saved = file.Read(name);
            if (saved.numel() != target.numel())
                throw new InvalidDataException($"{path} holds {saved.numel()} weights, the network has {target.numel()}.");
            target.copy_(saved);
        }
        Steps = long.Parse(file.Metadata["steps"]);
        Minutes = file.Metadata.TryGetValue("minutes", out var minutes) ? double.Parse(minutes, CultureInfo.InvariantCulture) : 0;
        WriteBack(master);
        return long.Parse(file.Metadata["sample"]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in (Tensor[])[master, first, second, Average, decayMask])
            tensor.Dispose();
    }

    private void WriteBack(Tensor source)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        foreach (var (_, value, offset, count) in parameters)
            value.copy_(source.narrow(0, offset, count).view(value.shape));
    }
}
