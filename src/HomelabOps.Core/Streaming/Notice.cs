
namespace HomelabOps.Core.Streaming;

/// <summary>Something to tell the user while records flow. It travels in their stream, so that the order is kept.</summary>
public abstract record Notice;

/// <summary>Something is odd, but the work goes on.</summary>
/// <param name="Text">The warning.</param>
public sealed record WarningNotice(string Text) : Notice;

/// <summary>One item failed and the next one goes on.</summary>
/// <param name="Error">What failed.</param>
public sealed record FailureNotice(HomelabException Error) : Notice;

/// <summary>Something takes its time.</summary>
/// <param name="Activity">What is going on; the same text each time.</param>
/// <param name="Status">How it stands.</param>
/// <param name="IsDone">It is over.</param>
public sealed record ProgressNotice(string Activity, string Status, bool IsDone) : Notice;

/// <summary>A detail for those who asked for details.</summary>
/// <param name="Text">The detail.</param>
public sealed record VerboseNotice(string Text) : Notice;
