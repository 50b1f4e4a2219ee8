namespace FlexEdit.Models.Onnx;

/// <summary>Where ONNX Runtime computes.</summary>
public enum OnnxDevice
{
    /// <summary>The processor.</summary>
    Cpu,
    /// <summary>The first CUDA device; only in a build with <c>FlexEditGpu=true</c>.</summary>
    Cuda,
}
