namespace HomelabOps.Core.Flux.Tracing;

/// <summary>Where an object is written.</summary>
/// <param name="File">The file, as a path of the repository without a slash in front.</param>
/// <param name="Line">The line where it begins, counted from 1; null when only the file is known.</param>
internal sealed record ManifestPlace(string File, int? Line);
