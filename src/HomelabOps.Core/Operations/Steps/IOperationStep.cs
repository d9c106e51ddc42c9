namespace HomelabOps.Core.Operations.Steps;

/// <summary>A step of an operation. It looks at what is so already and does what is left, so that it may be run again after whatever ended it.</summary>
internal interface IOperationStep
{
    /// <summary>Name of the step.</summary>
    string Name { get; }

    /// <summary>Until when it is done again where an operation is resumed.</summary>
    StepRepetition Repetition { get; }

    /// <summary>Does it.</summary>
    /// <returns>What came of it, for people.</returns>
    /// <exception cref="HomelabException">It cannot be done.</exception>
    Task<string> RunAsync(OperationContext context, CancellationToken cancellationToken);
}
