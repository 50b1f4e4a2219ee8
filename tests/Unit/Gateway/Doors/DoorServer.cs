using FlexEdit.Tests.Unit.Gateway.Running;

namespace FlexEdit.Tests.Unit.Gateway.Doors;

/// <summary>A gateway on a machine that may be busy: its limit of 2 s for a submission is not what these tests are about.</summary>
public class DoorServer : GatewayServer
{
    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?> { ["FlexEdit:Gateway:SubmitTimeout"] = "00:00:30" };
}
