namespace FlowKit;

/// <summary>Tells layers inside networks that set themselves from the first training batch whether what they see comes from data: a flow that draws reads its networks, too.</summary>
internal static class DataStart
{
    internal enum State { Free, Waits, Begins }

    [ThreadStatic]
    private static State state;

    /// <summary>Whether what is read now may set them.</summary>
    public static bool IsAllowed => state != State.Waits;

    /// <summary>A draw begins: they wait until its end, unless the draw belongs to data, as the noise that is added to them.</summary>
    public static Scope Draw() => new(state == State.Begins ? State.Begins : State.Waits);

    /// <summary>Noise is drawn for data, unless those are drawn themselves.</summary>
    public static Scope Noise() => new(state == State.Waits ? State.Waits : State.Begins);

    /// <summary>Ends what has begun.</summary>
    public readonly ref struct Scope
    {
        private readonly State before;

        internal Scope(State next) => (before, state) = (state, next);

        /// <inheritdoc cref="Scope"/>
        public void Dispose() => state = before;
    }
}
