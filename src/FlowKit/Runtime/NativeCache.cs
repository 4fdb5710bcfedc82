using System.Security.Cryptography;

namespace FlowKit;

/// <summary>Native libraries that FlowKit makes, kept in the user's data folder under FlowKit/native, or where that cannot be written in a temporary folder.</summary>
internal static class NativeCache
{
    private static readonly Lazy<string> Temporary = new(() => Directory.CreateTempSubdirectory("flowkit-").FullName);

    /// <summary>Keeps a library, unless it is there already.</summary>
    /// <param name="name">Its file name.</param>
    /// <param name="image">Its bytes.</param>
    /// <param name="key">The folder: one for each library that it may have been made from.</param>
    /// <returns>The path.</returns>
    /// <exception cref="IOException">Neither folder can be written.</exception>
    public static string Put(string name, byte[] image, string key)
    {
        foreach (var place in (ReadOnlySpan<Func<string>>)[UserFolder, () => Temporary.Value])
        {
            try
            {
                string folder = Path.Combine(place(), key), file = Path.Combine(folder, name);
                if (File.Exists(file) && File.ReadAllBytes(file).AsSpan().SequenceEqual(image)) return file;

                Directory.CreateDirectory(folder);
                string part = Path.Combine(folder, $"{name}.{Guid.NewGuid():N}");
                File.WriteAllBytes(part, image);
                File.Move(part, file, overwrite: true);
                return file;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // No home, or an unwritable one: the next folder.
            }
        }
        throw new IOException("FlowKit could not write a native library, neither to the user's data folder nor to a temporary one.");
    }

    /// <summary>A key for what is made from these bytes.</summary>
    public static string KeyOf(byte[] image) => Convert.ToHexStringLower(SHA256.HashData(image))[..16];

    private static string UserFolder() =>
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify) is { Length: > 0 } user
            ? Path.Combine(user, "FlowKit", "native") : throw new IOException("The user has no data folder.");
}
