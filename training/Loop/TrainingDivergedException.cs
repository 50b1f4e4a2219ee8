namespace FlexEdit.Training.Loop;

/// <summary>The loss or its gradient stopped being a number and did not come back.</summary>
public sealed class TrainingDivergedException(string message) : Exception(message);
