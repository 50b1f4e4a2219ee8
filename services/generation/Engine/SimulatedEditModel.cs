using FlexEdit.Models.Editing;
using FlexEdit.Platform.Engines;

namespace FlexEdit.Generation.Engine;

/// <summary>Paints the mask in a colour of the seed, in the time and with the failures that a test wants. Everything outside stays the scene's.</summary>
internal sealed class SimulatedEditModel(int resolution, Simulation simulation) : IEditModel
{
    public int Resolution => resolution;

    public IEditInFlight Begin(GenerationRequest request) => new Flight(request);

    public void Step(IReadOnlyList<IEditInFlight> edits)
    {
        var asked = edits.Cast<Flight>().Select(flight => flight.Asked).FirstOrDefault(fault => fault != SimulatedFault.None);
        simulation.Call(edits.Count, asked);
        foreach (var flight in edits.Cast<Flight>())
            flight.Step++;
    }

    public byte[] Preview(IEditInFlight edit) => Painted((Flight)edit);

    public GeneratedCrop Finish(IEditInFlight edit) => new() { Picture = Painted((Flight)edit), EditedRegion = ((Flight)edit).Request.Mask };

    public void Dispose()
    {
    }

    private static byte[] Painted(Flight flight)
    {
        var picture = (byte[])flight.Request.Scene.Clone();
        var seed = flight.Request.Seed * 2654435761u;
        for (var pixel = 0; pixel < flight.Request.Mask.Length; pixel++)
        {
            if (flight.Request.Mask[pixel] < 128)
                continue;
            for (var channel = 0; channel < 3; channel++)
                picture[(3 * pixel) + channel] = (byte)(seed >> (8 * channel));
        }
        return picture;
    }

    private sealed class Flight(GenerationRequest request) : IEditInFlight
    {
        public GenerationRequest Request => request;

        public SimulatedFault Asked => request.Embedding is [var code, ..] && Enum.IsDefined((SimulatedFault)(int)code) ? (SimulatedFault)(int)code : SimulatedFault.None;

        public int Step { get; set; }

        public int Steps => request.Steps;

        public void Dispose()
        {
        }
    }
}
