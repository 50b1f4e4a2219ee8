using Xunit;

namespace FlexEdit.Tests.Unit.Checkpoints;

/// <summary>Tests that measure the process's time or memory: no other test runs beside them.</summary>
[CollectionDefinition(nameof(MeasuredAlone), DisableParallelization = true)]
public sealed class MeasuredAlone;
