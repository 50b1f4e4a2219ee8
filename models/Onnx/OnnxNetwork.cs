using FlexEdit.Models.Checkpoints;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace FlexEdit.Models.Onnx;

/// <summary>
/// A network in an ONNX file with one input, run by ONNX Runtime. The input's memory is bound, not copied; outputs are copied once. Not thread-safe.
/// </summary>
internal sealed class OnnxNetwork : IDisposable
{
    private readonly string _path;
    private readonly InferenceSession _session;
    private readonly RunOptions _run = new();
    private readonly OrtIoBinding _binding;
    private readonly string _input;
    private readonly string[] _outputs;
    private readonly ScalarType _inputType;

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="sha256">Digest that the file must have, in hexadecimal; compared before the runtime sees a byte. Null: not checked.</param>
    /// <param name="outputs">For every output, the names that it may have; the first that the file has is taken.</param>
    /// <param name="inputType">Float32 or Int64.</param>
    /// <param name="device">Where to compute.</param>
    /// <exception cref="CheckpointException">The file is missing, another one, no network, or has other inputs and outputs; or this build has no CUDA provider.</exception>
    public OnnxNetwork(string path, string? sha256, IReadOnlyList<IReadOnlyList<string>> outputs, ScalarType inputType, OnnxDevice device)
    {
        (_path, _inputType) = (path, inputType);
        using var options = new SessionOptions { GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL, IntraOpNumThreads = get_num_threads(), LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        if (device == OnnxDevice.Cuda)
            UseCuda(options);
        _session = Open(path, sha256, options);
        try
        {
            if (_session.InputMetadata.Count != 1 || _session.InputMetadata.Values.Single().ElementType != (inputType == ScalarType.Int64 ? typeof(long) : typeof(float)))
                throw new CheckpointException($"'{path}' has the inputs {Describe(_session.InputMetadata)}, not a single one of type {inputType}.");
            _input = _session.InputMetadata.Keys.Single();
            _outputs = [.. outputs.Select(names => names.FirstOrDefault(n => _session.OutputMetadata.TryGetValue(n, out var m) && m.ElementType == typeof(float))
                ?? throw new CheckpointException($"'{path}' has the outputs {Describe(_session.OutputMetadata)}, none of them {string.Join(" or ", names)} in Float32."))];
            _binding = _session.CreateIoBinding();
        }
        catch
        {
            _session.Dispose();
            throw;
        }
    }

    /// <summary>Runs the network.</summary>
    /// <param name="input">Of the type that was told.</param>
    /// <returns>The outputs in the order that was told, float32 on the CPU; the caller disposes of them.</returns>
    /// <exception cref="ArgumentException">The input has another type, or a shape that the network does not take.</exception>
    public IReadOnlyList<Tensor> Run(Tensor input)
    {
        if (input.dtype != _inputType)
            throw new ArgumentException($"'{_path}' reads {_inputType}, not {input.dtype}.", nameof(input));
        using var near = input.cpu();
        using var plain = near.contiguous();
        try
        {
            using var value = Bind(plain);
            _binding.BindInput(_input, value);
            foreach (var name in _outputs)
                _binding.BindOutputToDevice(name, OrtMemoryInfo.DefaultInstance);
            _session.RunWithBinding(_run, _binding);
            using var results = _binding.GetOutputValues();
            return [.. results.Select(Copy)];
        }
        catch (OnnxRuntimeException problem)
        {
            throw new ArgumentException($"'{_path}' does not take [{string.Join(", ", input.shape)}]: {problem.Message}", nameof(input), problem);
        }
        finally
        {
            _binding.ClearBoundInputs();
            _binding.ClearBoundOutputs();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _binding.Dispose();
        _run.Dispose();
        _session.Dispose();
    }

    private static InferenceSession Open(string path, string? sha256, SessionOptions options)
    {
        if (!File.Exists(path))
            throw new CheckpointException($"'{path}' is missing.");
        if (sha256 is not null && Digest.Of(path) is var found && !string.Equals(found, sha256, StringComparison.OrdinalIgnoreCase))
            throw new CheckpointException($"'{path}' cannot be read: its SHA-256 is {found}, but {sha256} was expected: it is another file or was altered.");
        try
        {
            return new InferenceSession(path, options);
        }
        catch (OnnxRuntimeException problem)
        {
            throw new CheckpointException($"'{path}' is not a network that ONNX Runtime can run: {problem.Message}", problem);
        }
    }

    private static void UseCuda(SessionOptions options)
    {
        try
        {
            options.AppendExecutionProvider_CUDA(0);
        }
        catch (Exception problem) when (problem is OnnxRuntimeException or EntryPointNotFoundException or DllNotFoundException)
        {
            throw new CheckpointException($"ONNX Runtime has no CUDA here: build with FlexEditGpu=true and run on a machine with a CUDA device ({problem.Message}).", problem);
        }
    }

    private unsafe OrtValue Bind(Tensor plain)
    {
        var bytes = plain.bytes;
        fixed (byte* start = bytes)
        {
            // Torch's memory does not move; it stays alive until the run is over because the caller holds the tensor.
            return OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance,
                _inputType == ScalarType.Int64 ? TensorElementType.Int64 : TensorElementType.Float, plain.shape, (nint)start, bytes.Length);
        }
    }

    private static Tensor Copy(OrtValue value)
    {
        var tensor = empty(value.GetTensorTypeAndShape().Shape, ScalarType.Float32, CPU);
        System.Runtime.InteropServices.MemoryMarshal.AsBytes(value.GetTensorDataAsSpan<float>()).CopyTo(tensor.bytes);
        return tensor;
    }

    private static string Describe(IReadOnlyDictionary<string, NodeMetadata> values) =>
        string.Join(", ", values.Select(v => $"{v.Key} ({v.Value.ElementType?.Name})"));
}
