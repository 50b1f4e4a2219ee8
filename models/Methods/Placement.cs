using System.Globalization;
using FlexEdit.Models.Checkpoints;
using static TorchSharp.torch;

namespace FlexEdit.Models.Methods;

/// <summary>Where a model computes and in which type, where the configuration says it instead of the model's card.</summary>
/// <param name="Device"><c>cpu</c>, <c>cuda</c> or <c>cuda:1</c>; null leaves it to the card, and that to the processor.</param>
/// <param name="Type"><c>float32</c>, <c>bfloat16</c> or <c>float16</c>; null leaves it to the card.</param>
public sealed record Placement(string? Device = null, string? Type = null)
{
    /// <summary>Finds a device by its name.</summary>
    /// <exception cref="CheckpointException">The name is not known, or there is no such device here; the message says what to do.</exception>
    public static Device Find(string name)
    {
        if (name == "cpu")
            return CPU;
        var number = name == "cuda" ? 0 : -1;
        if (number < 0 && !(name.StartsWith("cuda:", StringComparison.Ordinal) && int.TryParse(name.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out number)))
            throw new CheckpointException($"The device '{name}' is not known; known are cpu, cuda and cuda:N.");
        if (!cuda.is_available())
            throw new CheckpointException($"The device is '{name}', but there is no CUDA here: build with FlexEditGpu=true and run on a machine with a CUDA device, or set the device to cpu in the model's card or in FLEXEDIT__Models__Device.");
        if (number >= cuda.device_count())
            throw new CheckpointException($"The device is '{name}', but this machine has {cuda.device_count()} CUDA devices, counted from 0.");
        return new Device(TorchSharp.DeviceType.CUDA, number);
    }
}
