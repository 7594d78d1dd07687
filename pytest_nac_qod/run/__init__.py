"""How a run goes: settings, plan, collecting, concluding, recording."""
