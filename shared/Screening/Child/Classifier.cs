using System.Security.Cryptography;
using FlexEdit.Screening.Hosting;
using Microsoft.ML.OnnxRuntime;

namespace FlexEdit.Screening.Child;

/// <summary>A classifier in an ONNX file with one picture as its input and an output of class scores [1, K], computed by the processor. Not thread-safe.</summary>
internal sealed class Classifier : IDisposable
{
    private readonly ClassifierCard _card;
    private readonly InferenceSession _session;
    private readonly RunOptions _run = new();
    private readonly string _input;
    private readonly string _output;
    private readonly long[] _shape;
    private readonly float[] _samples;

    /// <summary>Opens the file and looks at a grey picture, so that whatever does not fit is found at the start.</summary>
    /// <exception cref="ClassifierException">The file is another one, no network, or does not fit the settings.</exception>
    public Classifier(ClassifierCard card)
    {
        _card = card;
        _session = Open(card);
        try
        {
            _shape = card.Channelwise ? [1, card.Height, card.Width, 3] : [1, 3, card.Height, card.Width];
            _samples = new float[3 * card.Width * card.Height];
            (_input, _output) = (InputOf(_session, _shape), OutputOf(_session, card.Output));
            var grey = new byte[_samples.Length];
            Array.Fill(grey, (byte)128);
            Score(grey);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Probability of the unsafe classes: for exclusive ones (softmax, none) their sum, for independent ones (sigmoid) the highest.</summary>
    /// <param name="rgb">Width · height · 3 bytes.</param>
    /// <exception cref="ClassifierException">The network fails, or answers with something else than probabilities.</exception>
    public double Score(ReadOnlySpan<byte> rgb)
    {
        if (rgb.Length != _samples.Length)
            throw new ClassifierException($"The picture has {rgb.Length} samples, not {_samples.Length}");
        Normalise(rgb);
        try
        {
            using var value = OrtValue.CreateTensorValueFromMemory(_samples, _shape);
            using var results = _session.Run(_run, [_input], [value], [_output]);
            return ScoreOf(results[0].GetTensorDataAsSpan<float>());
        }
        catch (OnnxRuntimeException problem)
        {
            throw new ClassifierException($"The network fails: {problem.Message}", problem);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _run.Dispose();
        _session.Dispose();
    }

    private void Normalise(ReadOnlySpan<byte> rgb)
    {
        var pixels = _card.Width * _card.Height;
        for (var channel = 0; channel < 3; channel++)
        {
            var from = _card.BlueFirst ? 2 - channel : channel;
            var (scale, shift) = (1 / (255 * _card.Std[channel]), _card.Mean[channel] / _card.Std[channel]);
            for (var i = 0; i < pixels; i++)
                _samples[_card.Channelwise ? (3 * i) + channel : (channel * pixels) + i] = (float)((rgb[(3 * i) + from] * scale) - shift);
        }
    }

    private double ScoreOf(ReadOnlySpan<float> values)
    {
        if (_card.Unsafe.Max() >= values.Length)
            throw new ClassifierException($"The output '{_output}' has {values.Length} classes, from 0; FLEXEDIT__Content__Unsafe names one beyond");
        var chosen = Probabilities(values);
        var score = _card.Activation == ContentWords.Sigmoid ? chosen.Max() : chosen.Sum();
        // Also where the sum of probabilities has rounding; anything beyond says that they are none.
        return score is >= 0 and <= 1.001
            ? Math.Min(score, 1)
            : throw new ClassifierException($"The output '{_output}' gives no probabilities (the unsafe classes have {score}); set FLEXEDIT__Content__Activation");
    }

    private double[] Probabilities(ReadOnlySpan<float> values)
    {
        var all = new double[values.Length];
        for (var i = 0; i < all.Length; i++)
            all[i] = values[i];
        if (_card.Activation == ContentWords.Softmax)
        {
            var greatest = all.Max();
            var sum = all.Sum(value => Math.Exp(value - greatest));
            all = [.. all.Select(value => Math.Exp(value - greatest) / sum)];
        }
        else if (_card.Activation == ContentWords.Sigmoid)
        {
            all = [.. all.Select(value => 1 / (1 + Math.Exp(-value)))];
        }
        return [.. _card.Unsafe.Distinct().Select(place => all[place])];
    }

    // From memory: what was hashed is what runs, and the file cannot name others as its weights.
    private static InferenceSession Open(ClassifierCard card)
    {
        try
        {
            var file = File.ReadAllBytes(card.Path);
            if (Convert.ToHexString(SHA256.HashData(file)) is var found && !found.Equals(card.Sha256, StringComparison.OrdinalIgnoreCase))
                throw new ClassifierException($"'{card.Path}' has another SHA-256 than FLEXEDIT__Content__Sha256: it is another file or was altered");
            using var options = new SessionOptions { GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL, IntraOpNumThreads = card.Threads, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
            return new InferenceSession(file, options);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new ClassifierException($"'{card.Path}' cannot be read: {problem.Message.TrimEnd('.')}", problem);
        }
        catch (OnnxRuntimeException problem)
        {
            throw new ClassifierException($"'{card.Path}' is no network that ONNX Runtime can run: {problem.Message.TrimEnd('.')}", problem);
        }
    }

    private static string InputOf(InferenceSession session, long[] shape)
    {
        var inputs = string.Join(", ", session.InputMetadata.Select(input => $"{input.Key} {input.Value.ElementType?.Name}[{string.Join(",", input.Value.Dimensions)}]"));
        if (session.InputMetadata.Count != 1 || session.InputMetadata.Values.Single() is not { IsTensor: true } only || only.ElementType != typeof(float))
            throw new ClassifierException($"The classifier has the inputs {inputs}, not a single picture of floats");
        // -1: any.
        if (only.Dimensions.Length != 4 || !only.Dimensions.Zip(shape).All(pair => pair.First < 0 || pair.First == pair.Second))
            throw new ClassifierException($"The classifier reads {inputs}, not [{string.Join(",", shape)}]; set FLEXEDIT__Content__Width, __Height and __Layout");
        return session.InputMetadata.Keys.Single();
    }

    private static string OutputOf(InferenceSession session, string? name)
    {
        var chosen = name ?? session.OutputNames[0];
        return session.OutputMetadata.TryGetValue(chosen, out var output) && output.IsTensor && output.ElementType == typeof(float)
            ? chosen
            : throw new ClassifierException($"The classifier has the outputs {string.Join(", ", session.OutputNames)}; set FLEXEDIT__Content__Output to one of floats");
    }
}

/// <summary>A classifier does not do what it should. The message is a sentence for the operator, without its full stop.</summary>
internal sealed class ClassifierException(string message, Exception? inner = null) : Exception(message, inner);
