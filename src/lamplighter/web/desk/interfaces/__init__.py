"""The monitor of interfaces: how each stands, what failed, and the incidents that vendors are told of."""
