using FlexEdit.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FlexEdit.Models.Lpips;

/// <summary>
/// The five slices of a classification network whose outputs are compared (<c>net</c>). Layers keep their numbers in torchvision's
/// <c>features</c>, as the published names do: <c>slice2.3.weight</c> is <c>features.3.weight</c>.
/// </summary>
internal sealed class LpipsTrunk : nn.Module
{
    private readonly Sequential slice1;
    private readonly Sequential slice2;
    private readonly Sequential slice3;
    private readonly Sequential slice4;
    private readonly Sequential slice5;

    public LpipsTrunk(LpipsNet net, Device? device)
        : base(nameof(LpipsTrunk))
    {
        (slice1, slice2, slice3, slice4, slice5) = net == LpipsNet.Alex ? AlexNet(device) : Vgg16(device);
        Widths = net == LpipsNet.Alex ? [64, 192, 384, 256, 256] : [64, 128, 256, 512, 512];
        RegisterComponents();
    }

    /// <summary>Channels of each slice's output.</summary>
    public IReadOnlyList<int> Widths { get; }

    /// <summary>[batch, 3, H, W] to five maps of falling size.</summary>
    public IReadOnlyList<Tensor> Forward(Tensor pixels)
    {
        List<Tensor> maps = [];
        foreach (var slice in (Sequential[])[slice1, slice2, slice3, slice4, slice5])
            maps.Add(pixels = slice.call(pixels));
        return maps;
    }

    /// <summary>The slice that holds a layer of torchvision's <c>features</c>, from 1.</summary>
    public static int SliceOf(LpipsNet net, int layer)
    {
        int[] lasts = net == LpipsNet.Alex ? [1, 4, 7, 9, 11] : [3, 8, 15, 22, 29];
        return Array.FindIndex(lasts, last => layer <= last) + 1;
    }

    private static (Sequential, Sequential, Sequential, Sequential, Sequential) AlexNet(Device? device)
    {
        (string, nn.Module<Tensor, Tensor>) Conv(int index, int from, int to, int kernel, int stride = 1, int padding = 0) =>
            ($"{index}", new SquareConv2d(from, to, kernel, stride, padding, device: device));
        return (
            nn.Sequential(Conv(0, 3, 64, 11, 4, 2), Relu(1)),
            nn.Sequential(Pool(2, 3), Conv(3, 64, 192, 5, padding: 2), Relu(4)),
            nn.Sequential(Pool(5, 3), Conv(6, 192, 384, 3, padding: 1), Relu(7)),
            nn.Sequential(Conv(8, 384, 256, 3, padding: 1), Relu(9)),
            nn.Sequential(Conv(10, 256, 256, 3, padding: 1), Relu(11)));
    }

    private static (Sequential, Sequential, Sequential, Sequential, Sequential) Vgg16(Device? device)
    {
        Sequential Slice(int first, int from, int to, int convolutions)
        {
            List<(string, nn.Module<Tensor, Tensor>)> layers = [];
            if (first > 0)
                layers.Add(Pool(first++, 2));
            for (var i = 0; i < convolutions; i++)
            {
                layers.Add(($"{first}", new SquareConv2d(i == 0 ? from : to, to, 3, padding: 1, device: device)));
                layers.Add(Relu(first + 1));
                first += 2;
            }
            return nn.Sequential(layers);
        }
        return (Slice(0, 3, 64, 2), Slice(4, 64, 128, 2), Slice(9, 128, 256, 3), Slice(16, 256, 512, 3), Slice(23, 512, 512, 3));
    }

    private static (string, nn.Module<Tensor, Tensor>) Relu(int index) => ($"{index}", nn.ReLU());

    private static (string, nn.Module<Tensor, Tensor>) Pool(int index, int kernel) => ($"{index}", nn.MaxPool2d(kernel, stride: 2));
}
