namespace HomelabOps.Bench;

/// <summary>Why nothing can be measured, in words for whoever started the bench.</summary>
internal sealed class BenchException(string message) : Exception(message);
